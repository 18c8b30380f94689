using Actors.XenStore;
using static Actors.Peers.Conformance.Scene;

namespace Actors.Peers.Conformance;

internal static class NodeCases
{
    private const string Area = "Nodes";

    public static IReadOnlyList<Case> All =>
    [
        new(Area, "reading an absent node", "ENOENT", scene => scene.ReadAsync("absent")),
        new(Area, "a value comes back as it was written, NULs and all", "\"1|002|\"", async scene =>
        {
            await scene.WriteAsync("a", "1\0002\0");
            return await scene.ReadAsync("a");
        }),
        new(Area, "writing makes the parents, empty", "\"\"", async scene =>
        {
            await scene.WriteAsync("a/b/c", "1");
            return await scene.ReadAsync("a/b");
        }),
        new(Area, "making a node that exists keeps its value", "\"1\"", async scene =>
        {
            await scene.WriteAsync("a", "1");
            await scene.Client.MakeDirectoryAsync(scene.At("a"));
            return await scene.ReadAsync("a");
        }),
        new(Area, "removing a node takes what is below", "ENOENT", async scene =>
        {
            await scene.WriteAsync("a/b/c", "1");
            await scene.Client.RemoveAsync(scene.At("a"));
            return await scene.ReadAsync("a/b/c");
        }),
        new(Area, "removing an absent node whose parent is there", "OK", async scene =>
        {
            await scene.WriteAsync("a");
            return await OutcomeAsync(() => scene.Client.RemoveAsync(scene.At("b")));
        }),
        new(Area, "removing a node whose parent is absent", "ENOENT", scene => OutcomeAsync(() => scene.Client.RemoveAsync(scene.At("a/b/c")))),
        new(Area, "removing the root", new("EINVAL", "OK", "oxenstored removes the root's children and says so"), scene => OutcomeAsync(() => scene.Client.RemoveAsync("/"))),
        new(Area, "writing the root's value and reading it", "\"root\"", async scene =>
        {
            await scene.Client.WriteTextAsync("/", "root");
            return await ValueAsync(() => scene.Client.ReadAsync("/"));
        }),
        new(Area, "the order of children", new("b c a", "a b c", "oxenstored keeps children in a sorted map; xenstored appends"), async scene =>
        {
            foreach (var name in (string[])["b", "c", "a"])
                await scene.WriteAsync(name);
            return string.Join(' ', await scene.Client.ListAsync(scene.Root));
        }),
        new(Area, "listing a node without children", "0 children", async scene =>
        {
            await scene.WriteAsync("a");
            return $"{(await scene.Client.ListAsync(scene.At("a"))).Count} children";
        }),
        new(Area, "listing an absent node", "ENOENT", scene => OutcomeAsync(async () => await scene.Client.ListAsync(scene.At("a")))),
        new(Area, "a relative path begins at the domain's home", "\"1\"", async scene =>
        {
            await scene.Client.WriteTextAsync($"case-{scene.Domid}", "1");
            return await ValueAsync(() => scene.Client.ReadAsync($"/local/domain/0/case-{scene.Domid}"));
        }),
        new(Area, "a path with a forbidden character", "EINVAL", scene => OutcomeAsync(() => scene.Client.WriteTextAsync(scene.At("a:b"), ""))),
        new(Area, "a path with an empty name in it", "EINVAL", scene => OutcomeAsync(() => scene.Client.WriteTextAsync($"{scene.Root}//a", ""))),
        new(Area, "a path with a slash at its end", "EINVAL", scene => OutcomeAsync(() => scene.Client.WriteTextAsync($"{scene.Root}/a/", ""))),
        new(Area, "a path with every allowed character", "OK", scene => OutcomeAsync(() => scene.Client.WriteTextAsync(scene.At("aZ09-_@"), ""))),
        new(Area, "writing a special path", new("EINVAL", "OK", "oxenstored takes it as a node's name, which nothing can reach"), scene => OutcomeAsync(() => scene.Client.WriteTextAsync("@releaseDomain", ""))),
        new(Area, "a path of 1024 bytes", "OK", scene => OutcomeAsync(() => scene.Client.WriteTextAsync(Long(scene, 1024), ""))),
        new(Area, "a path of 2048 bytes", new("OK", "EINVAL", "oxenstored's quota-path-max is 1024, for dom0 too"), scene => OutcomeAsync(() => scene.Client.WriteTextAsync(Long(scene, 2048), ""))),
        new(Area, "a path of 2049 bytes", "EINVAL", scene => OutcomeAsync(() => scene.Client.WriteTextAsync(Long(scene, 2049), ""))),
        new(Area, "dom0 writes a value of 2048 bytes", "OK", scene => OutcomeAsync(() => scene.Client.WriteAsync(scene.At("a"), new byte[2048]))),
        new(Area, "dom0 writes a value of 2049 bytes", new("OK", "E2BIG", "oxenstored's quota-maxsize holds for dom0 too"), scene => OutcomeAsync(() => scene.Client.WriteAsync(scene.At("a"), new byte[2049]))),
        new(Area, "dom0 writes a value of 4000 bytes", new("OK", "E2BIG", "oxenstored's quota-maxsize holds for dom0 too"), scene => OutcomeAsync(() => scene.Client.WriteAsync(scene.At("a"), new byte[4000]))),
        new(Area, "the children of a node are listed whole, however many", "1500 children", async scene =>
        {
            await Task.WhenAll(Enumerable.Range(0, 1500).Select(i => scene.WriteAsync($"child-{i:0000}")));
            return $"{(await scene.Client.ListAsync(scene.Root)).Count} children";
        }),
    ];

    private static string Long(Scene scene, int length)
    {
        var path = scene.Root;
        while (path.Length < length)
            path += "/" + new string('n', Math.Clamp(length - path.Length - 1, 1, 200));
        return path;
    }
}
