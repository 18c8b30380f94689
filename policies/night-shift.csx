// The time of day decides: during working hours guests are ballooned and never paged; at night the host takes what it needs.
//
// People notice a paged guest; backups and reports don't. So from 08:00 to 20:00 on working days the balloon has five minutes, and memory
// that it cannot free stays with the guest. At any other time the balloon has 30 s, and the pager does the rest.
var working = Between("08:00", "20:00") && Day is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

var balloon = await Run("balloon", timeout: working ? 5.Minutes() : 30.Seconds());
if (balloon.IsReached)
    return balloon;
if (working)
    return Short($"no guest is paged during working hours (it is {Time:HH:mm}): {balloon.Reason}");
return await Run("paging");
