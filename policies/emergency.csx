// When the host is almost out of memory, take memory immediately and repair the damage afterwards.
//
// Normally this policy does the same as balloon-then-paging. When less than 5 % of the host's memory is free, it does not wait for the guest:
// the pager goes first, because it does not need the guest's help. Then the balloon gets its time, and the pages that it replaces come back
// from the page file.
if (Growing || Host.Free > Host.Total.Times(0.05))
    return await Run("balloon-then-paging");

Log($"{Host.Free} of {Host.Total} are free: {Domain.Name} is paged to {Target} immediately");
var paging = await Run("paging", timeout: 2.Minutes());
if (!paging.IsReached)
    return await Run("balloon", timeout: 1.Minutes());

var balloon = await Run("balloon", timeout: 1.Minutes());
if (balloon.IsReached && balloon.Alone is { } alone && (alone - Target).Abs() <= Tolerance)
    await Release("paging");
return paging;
