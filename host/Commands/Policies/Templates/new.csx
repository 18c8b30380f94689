// The policy NAME: a domain selects it with 'actors mem-policy DOMAIN xl:NAME'. docs/policies.md lists what a script can use.
// A script is trusted code: the host runs it with its own rights, and rejects a file that another user could have written.

// Each step gets what the steps before it left; its outcome says how it ended.
var balloon = await Run("balloon", timeout: 30.Seconds());
if (balloon.IsReached)
    return balloon;

// The host's memory and the time of day can decide what comes next.
if (Host.Free > 32.GiB() && Between("08:00", "20:00"))
    return Short("the balloon is slow, but the host has enough memory, so there is no paging during the day");

return await Run("paging");
