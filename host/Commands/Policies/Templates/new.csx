// The policy NAME: a domain selects it with 'actors mem-policy DOMAIN xl:NAME'. docs/policies.md tells what a script can use.
// It is trusted code: the host runs it as itself, and refuses a file that anybody else could have written.

// Each step gets what the ones before it left; the outcome says how it ended.
var balloon = await Run("balloon", timeout: 30.Seconds());
if (balloon.IsReached)
    return balloon;

// What the host has and what time it is can decide what comes next.
if (Host.Free > 32.GiB() && Between("08:00", "20:00"))
    return Short("the balloon is slow, and the host has enough: nobody is paged by day");

return await Run("paging");
