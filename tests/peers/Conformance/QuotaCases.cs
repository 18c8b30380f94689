using Actors.XenStore;
using static Actors.Peers.Conformance.Scene;

namespace Actors.Peers.Conformance;

internal static class QuotaCases
{
    private const string Area = "Quotas of a guest";

    public static IReadOnlyList<Case> All =>
    [
        new(Area, "a value of 2048 bytes", new("ENOSPC", "OK", "in xenstored the limit is of the whole node, its permissions and its children's names with it"), async scene =>
        {
            var guest = await OwnerAsync(scene);
            return await FirstRefusalAsync(1, _ => guest.WriteAsync(scene.At("own/a"), new byte[2048]));
        }),
        new(Area, "a value of 2049 bytes", new("ENOSPC", "E2BIG", "the same refusal by another name"), async scene =>
        {
            var guest = await OwnerAsync(scene);
            return await FirstRefusalAsync(1, _ => guest.WriteAsync(scene.At("own/a"), new byte[2049]));
        }),
        new(Area, "children of one node", new("ENOSPC at number 504", "EQUOTA at number 1000", "in xenstored the names of all children must fit in the node's 2048 bytes"), async scene =>
        {
            var guest = await OwnerAsync(scene);
            return await FirstRefusalAsync(1200, i => guest.WriteTextAsync(scene.At($"own/{i:000}"), ""));
        }),
        new(Area, "nodes", new("ENOSPC at number 990", "EQUOTA at number 990", "oxenstored has an error of its own for quotas"), async scene =>
        {
            var guest = await OwnerAsync(scene);
            return await FirstRefusalAsync(1200, i => guest.WriteTextAsync(scene.At($"own/{i / 100}/{i}"), ""));
        }),
        new(Area, "watches", new("E2BIG at number 130", "EQUOTA at number 102", "oxenstored has an error of its own for quotas, and a lower limit"), async scene =>
        {
            var guest = await scene.GuestAsync();
            await using var queue = guest.OpenWatchQueue();
            return await FirstRefusalAsync(200, i => queue.AddAsync($"w{i}", "t"));
        }),
        new(Area, "transactions at a time", new("ENOSPC at number 12", "EQUOTA at number 12", "oxenstored has an error of its own for quotas"), async scene =>
        {
            var guest = await scene.GuestAsync();
            return await FirstRefusalAsync(20, async _ => await guest.BeginTransactionAsync());
        }),
        new(Area, "watches of dom0", "1000 are OK", async scene =>
        {
            var client = await scene.AnotherAsync();
            await using var queue = client.OpenWatchQueue();
            return await FirstRefusalAsync(1000, i => queue.AddAsync($"w{i}", "t"));
        }),
        new(Area, "transactions of dom0 at a time", "100 are OK", async scene =>
        {
            var client = await scene.AnotherAsync();
            return await FirstRefusalAsync(100, async _ => await client.BeginTransactionAsync());
        }),
    ];

    /// <summary>Does it up to so many times, and says which time was refused and how.</summary>
    private static async Task<string> FirstRefusalAsync(int most, Func<int, ValueTask> act)
    {
        for (var i = 1; i <= most; i++)
            if (await OutcomeAsync(() => act(i)) is var outcome and not "OK")
                return most == 1 ? outcome : $"{outcome} at number {i}";
        return most == 1 ? "OK" : $"{most} are OK";
    }

    private static async Task<IXenStore> OwnerAsync(Scene scene)
    {
        var guest = await scene.GuestAsync();
        await scene.WriteAsync("own");
        await scene.Client.SetPermissionsAsync(scene.At("own"), new NodePermissions(new NodePermission(scene.Domid, NodeAccess.None)));
        return guest;
    }
}
