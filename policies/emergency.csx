// The host is nearly out of memory: take it at once, and make it good afterwards.
//
// In peace this is balloon-then-paging. When less than a twentieth of the host is free, nobody waits for a guest: the pager takes first,
// because it needs nobody's help; then the balloon has its time, and what it frees for good comes back from the page file.
if (Growing || Host.Free > Host.Total.Times(0.05))
    return await Run("balloon-then-paging");

Log($"{Host.Free} of {Host.Total} are free: {Domain.Name} is paged to {Target} at once");
var paging = await Run("paging", timeout: 2.Minutes());
if (!paging.IsReached)
    return await Run("balloon", timeout: 1.Minutes());

var balloon = await Run("balloon", timeout: 1.Minutes());
if (balloon.IsReached && balloon.Alone is { } alone && (alone - Target).Abs() <= Tolerance)
    await Release("paging");
return paging;
