using Actors.XenStore;
using static Actors.Peers.Conformance.CaseContext;

namespace Actors.Peers.Conformance;

internal static class NodeCases
{
    private const string Area = "Nodes";

    public static IReadOnlyList<Case> All =>
    [
        new(Area, "reading an absent node", "ENOENT", context => context.ReadAsync("absent")),
        new(Area, "a value is read back unchanged, including NULs", "\"1|002|\"", async context =>
        {
            await context.WriteAsync("a", "1\0002\0");
            return await context.ReadAsync("a");
        }),
        new(Area, "writing creates the parents with empty values", "\"\"", async context =>
        {
            await context.WriteAsync("a/b/c", "1");
            return await context.ReadAsync("a/b");
        }),
        new(Area, "creating a node that exists keeps its value", "\"1\"", async context =>
        {
            await context.WriteAsync("a", "1");
            await context.Client.MakeDirectoryAsync(context.At("a"));
            return await context.ReadAsync("a");
        }),
        new(Area, "removing a node removes everything below it", "ENOENT", async context =>
        {
            await context.WriteAsync("a/b/c", "1");
            await context.Client.RemoveAsync(context.At("a"));
            return await context.ReadAsync("a/b/c");
        }),
        new(Area, "removing an absent node whose parent exists", "OK", async context =>
        {
            await context.WriteAsync("a");
            return await OutcomeAsync(() => context.Client.RemoveAsync(context.At("b")));
        }),
        new(Area, "removing a node whose parent is absent", "ENOENT", context => OutcomeAsync(() => context.Client.RemoveAsync(context.At("a/b/c")))),
        new(Area, "removing the root", new("EINVAL", "OK", "oxenstored removes the children of the root and reports success"), context => OutcomeAsync(() => context.Client.RemoveAsync("/"))),
        new(Area, "writing the value of the root and reading it", "\"root\"", async context =>
        {
            await context.Client.WriteTextAsync("/", "root");
            return await ValueAsync(() => context.Client.ReadAsync("/"));
        }),
        new(Area, "the order of children", new("b c a", "a b c", "oxenstored keeps children in a sorted map; xenstored appends"), async context =>
        {
            foreach (var name in (string[])["b", "c", "a"])
                await context.WriteAsync(name);
            return string.Join(' ', await context.Client.ListAsync(context.Root));
        }),
        new(Area, "listing a node without children", "0 children", async context =>
        {
            await context.WriteAsync("a");
            return $"{(await context.Client.ListAsync(context.At("a"))).Count} children";
        }),
        new(Area, "listing an absent node", "ENOENT", context => OutcomeAsync(async () => await context.Client.ListAsync(context.At("a")))),
        new(Area, "a relative path starts at the domain's home", "\"1\"", async context =>
        {
            await context.Client.WriteTextAsync($"case-{context.Domid}", "1");
            return await ValueAsync(() => context.Client.ReadAsync($"/local/domain/0/case-{context.Domid}"));
        }),
        new(Area, "a path with a forbidden character", "EINVAL", context => OutcomeAsync(() => context.Client.WriteTextAsync(context.At("a:b"), ""))),
        new(Area, "a path with an empty name in it", "EINVAL", context => OutcomeAsync(() => context.Client.WriteTextAsync($"{context.Root}//a", ""))),
        new(Area, "a path that ends with a slash", "EINVAL", context => OutcomeAsync(() => context.Client.WriteTextAsync($"{context.Root}/a/", ""))),
        new(Area, "a path with every allowed character", "OK", context => OutcomeAsync(() => context.Client.WriteTextAsync(context.At("aZ09-_@"), ""))),
        new(Area, "writing a special path", new("EINVAL", "OK", "oxenstored creates a node with that name, which no request can reach"), context => OutcomeAsync(() => context.Client.WriteTextAsync("@releaseDomain", ""))),
        new(Area, "a path of 1024 bytes", "OK", context => OutcomeAsync(() => context.Client.WriteTextAsync(Long(context, 1024), ""))),
        new(Area, "a path of 2048 bytes", new("OK", "EINVAL", "oxenstored's quota-path-max is 1024 and also applies to dom0"), context => OutcomeAsync(() => context.Client.WriteTextAsync(Long(context, 2048), ""))),
        new(Area, "a path of 2049 bytes", "EINVAL", context => OutcomeAsync(() => context.Client.WriteTextAsync(Long(context, 2049), ""))),
        new(Area, "dom0 writes a value of 2048 bytes", "OK", context => OutcomeAsync(() => context.Client.WriteAsync(context.At("a"), new byte[2048]))),
        new(Area, "dom0 writes a value of 2049 bytes", new("OK", "E2BIG", "oxenstored's quota-maxsize also applies to dom0"), context => OutcomeAsync(() => context.Client.WriteAsync(context.At("a"), new byte[2049]))),
        new(Area, "dom0 writes a value of 4000 bytes", new("OK", "E2BIG", "oxenstored's quota-maxsize also applies to dom0"), context => OutcomeAsync(() => context.Client.WriteAsync(context.At("a"), new byte[4000]))),
        new(Area, "all children of a node are listed, however many", "1500 children", async context =>
        {
            await Task.WhenAll(Enumerable.Range(0, 1500).Select(i => context.WriteAsync($"child-{i:0000}")));
            return $"{(await context.Client.ListAsync(context.Root)).Count} children";
        }),
    ];

    private static string Long(CaseContext context, int length)
    {
        var path = context.Root;
        while (path.Length < length)
            path += "/" + new string('n', Math.Clamp(length - path.Length - 1, 1, 200));
        return path;
    }
}
