using Actors.XenStore;
using static Actors.Peers.Conformance.CaseContext;

namespace Actors.Peers.Conformance;

internal static class QuotaCases
{
    private const string Area = "Quotas of a guest";
    private const string NoMemory = "oxenstored has no quota of memory";

    public static IReadOnlyList<Case> All =>
    [
        new(Area, "a value of 2048 bytes", new("ENOSPC", "OK", "in xenstored the limit applies to the whole node, including its permissions and the names of its children"), async context =>
        {
            var guest = await OwnerAsync(context);
            return await FirstRejectionAsync(1, _ => guest.WriteAsync(context.At("own/a"), new byte[2048]));
        }),
        new(Area, "a value of 2049 bytes", new("ENOSPC", "E2BIG", "the same rejection with another name"), async context =>
        {
            var guest = await OwnerAsync(context);
            return await FirstRejectionAsync(1, _ => guest.WriteAsync(context.At("own/a"), new byte[2049]));
        }),
        new(Area, "children of one node", new("ENOSPC at number 504", "EQUOTA at number 1000", "in xenstored the names of all children must fit in the 2048 bytes of the node"), async context =>
        {
            var guest = await OwnerAsync(context);
            return await FirstRejectionAsync(1200, i => guest.WriteTextAsync(context.At($"own/{i:000}"), ""));
        }),
        new(Area, "nodes", new("ENOSPC at number 990", "EQUOTA at number 990", "oxenstored has its own error for quotas"), async context =>
        {
            var guest = await OwnerAsync(context);
            return await FirstRejectionAsync(1200, i => guest.WriteTextAsync(context.At($"own/{i / 100}/{i}"), ""));
        }),
        new(Area, "watches", new("E2BIG at number 130", "EQUOTA at number 102", "oxenstored has its own error for quotas, and a lower limit"), async context =>
        {
            var guest = await context.GuestAsync();
            await using var queue = guest.OpenWatchQueue();
            return await FirstRejectionAsync(200, i => queue.AddAsync($"w{i}", "t"));
        }),
        new(Area, "open transactions", new("ENOSPC at number 12", "EQUOTA at number 12", "oxenstored has its own error for quotas"), async context =>
        {
            var guest = await context.GuestAsync();
            return await FirstRejectionAsync(20, async _ => await guest.BeginTransactionAsync());
        }),
        new(Area, "a transaction of a guest at its quota of nodes", new("MKDIR ENOSPC, commits", "MKDIR EQUOTA, commits", "oxenstored has its own error for quotas"), async context =>
        {
            var guest = await FullAsync(context);
            await using var transaction = await guest.BeginTransactionAsync();
            await transaction.WriteTextAsync(context.At("own/1/100"), "v");
            var outcome = await OutcomeAsync(() => transaction.MakeDirectoryAsync(context.At("own/1/more")));
            return $"MKDIR {outcome}, {await CommitAsync(transaction)}";
        }),
        new(Area, "a transaction that exceeds the quota of nodes", new("ENOSPC", "MKDIR EQUOTA", "oxenstored checks the quota earlier and has its own error for it"), async context =>
        {
            var guest = await FullAsync(context);
            for (var i = 0; i < 3; i++)
                await guest.RemoveAsync(context.At($"own/2/{250 + i}"));
            await using var transaction = await guest.BeginTransactionAsync();
            for (var i = 0; i < 5; i++)
                if (await OutcomeAsync(() => transaction.MakeDirectoryAsync(context.At($"own/1/more{i}"))) is var outcome and not "OK")
                    return $"MKDIR {outcome}";
            return await CommitAsync(transaction);
        }),
        new(Area, "a transaction with a value that is too large", new("WRITE ENOSPC, ENOMEM", "WRITE E2BIG, commits", "oxenstored commits the rest"), async context =>
        {
            var guest = await OwnerAsync(context);
            await using var transaction = await guest.BeginTransactionAsync();
            var outcome = await OutcomeAsync(() => transaction.WriteAsync(context.At("own/a"), new byte[2049]));
            return $"WRITE {outcome}, {await CommitAsync(transaction)}";
        }),
        new(Area, "nodes of 1900 bytes with long paths, until the quota of memory", new("882", "no limit", NoMemory), async context =>
        {
            var guest = await OwnerAsync(context);
            var folder = context.At("own/" + string.Join('/', Enumerable.Repeat(new string('p', 199), 5)));
            for (var i = 0; i < 900; i++)
                if (await OutcomeAsync(() => guest.WriteAsync($"{folder}/{i % 10}/{i:000}", new byte[1900])) is not "OK")
                    return $"{i}";
            return "no limit";
        }),
        new(Area, "a watch beyond the quota of memory", new("ENOMEM", "OK", NoMemory), async context =>
        {
            var guest = await OwnerAsync(context);
            var folder = context.At("own/" + string.Join('/', Enumerable.Repeat(new string('p', 199), 5)));
            for (var (i, size) = (0, 1900); i < 990 && size >= 0;)
                if (await OutcomeAsync(() => guest.WriteAsync($"{folder}/{i % 10}/{i:000}", new byte[size])) is "OK")
                    i++;
                else
                    size -= 100;
            await using var queue = guest.OpenWatchQueue();
            return await OutcomeAsync(() => queue.AddAsync(context.At("own/" + new string('w', 1900)), "t"));
        }),
        new(Area, "watches of dom0", "1000 are OK", async context =>
        {
            var client = await context.AnotherAsync();
            await using var queue = client.OpenWatchQueue();
            return await FirstRejectionAsync(1000, i => queue.AddAsync($"w{i}", "t"));
        }),
        new(Area, "open transactions of dom0", "100 are OK", async context =>
        {
            var client = await context.AnotherAsync();
            return await FirstRejectionAsync(100, async _ => await client.BeginTransactionAsync());
        }),
    ];

    /// <summary>Repeats an action and returns the number of the first rejected one and its error.</summary>
    private static async Task<string> FirstRejectionAsync(int most, Func<int, ValueTask> act)
    {
        for (var i = 1; i <= most; i++)
            if (await OutcomeAsync(() => act(i)) is var outcome and not "OK")
                return most == 1 ? outcome : $"{outcome} at number {i}";
        return most == 1 ? "OK" : $"{most} are OK";
    }

    /// <summary>Returns a guest that owns as many nodes as its quota allows.</summary>
    private static async Task<IXenStore> FullAsync(CaseContext context)
    {
        var guest = await OwnerAsync(context);
        for (var i = 0; await OutcomeAsync(() => guest.WriteTextAsync(context.At($"own/{i / 100}/{i}"), "")) is "OK"; i++)
        {
        }
        return guest;
    }

    private static async Task<string> CommitAsync(IXenStoreTransaction transaction)
    {
        var outcome = await OutcomeAsync(async () => await transaction.CommitAsync());
        return outcome == "OK" ? "commits" : outcome;
    }

    private static async Task<IXenStore> OwnerAsync(CaseContext context)
    {
        var guest = await context.GuestAsync();
        await context.WriteAsync("own");
        await context.Client.SetPermissionsAsync(context.At("own"), new NodePermissions(new NodePermission(context.Domid, NodeAccess.None)));
        return guest;
    }
}
