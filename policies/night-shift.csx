// The clock decides: by day guests are asked and never paged, by night the host takes what it needs.
//
// People notice a paged guest; backups and reports don't. So from 08:00 to 20:00 on working days the balloon has time, and what it can't
// give stays with the guest. At any other time it has half a minute, and the pager does the rest.
var working = Between("08:00", "20:00") && Day is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

var balloon = await Run("balloon", timeout: working ? 5.Minutes() : 30.Seconds());
if (balloon.IsReached)
    return balloon;
if (working)
    return Short($"nobody is paged in working hours (it is {Time:HH:mm}): {balloon.Reason}");
return await Run("paging");
