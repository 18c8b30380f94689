using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.Loader;
using Actors.Dispatch.Files;
using Actors.Sdk;

namespace Actors.Host.Tests.Loading;

internal sealed class ReplacedOftenTests
{
    private const int Placeholder = 0x5eadbeef;

    // Issue 12 wants 500, which take minutes.
    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("ACTORS_RELOAD_ROUNDS") ?? "12", CultureInfo.InvariantCulture);

    [Test]
    public void A_plugin_with_dependencies_that_is_overwritten_renamed_and_half_copied_many_times_leaves_nothing_behind()
    {
        NativeCode.NeedsCompiler();
        using var root = new PluginRoot();
        using var scratch = new ScratchFolder();
        root.Put(1);
        NativeCode.CompilePair(root, Placeholder);
        var (called, needed) = (File.ReadAllBytes(root.File(NativeCode.Called)), File.ReadAllBytes(root.File("libb.so")));
        File.WriteAllBytes(root.File("libb.so"), With(needed, 1));
        var (copies, mapped) = (NativeCode.PrivateCopies(), NativeCode.Mapped());
        TestWorld.Run(async world =>
        {
            await using var host = await world.StartHostAsync(root.Path);
            var domid = await world.CreateAsync("web-1");
            await world.SetAsync(domid, "actor", "sample:native");
            (int Contexts, int Files, int Mapped, int Copies) before = default;
            for (var build = 2; build <= Rounds + 1; build++)
            {
                switch (build % 3)
                {
                    case 0:
                        root.Put(build);
                        File.WriteAllBytes(root.File("libb.so"), With(needed, build));
                        break;
                    case 1:
                        Replace(root, scratch.Path, build, called, With(needed, build));
                        break;
                    default:
                        var dll = PluginRoot.Dll(build);
                        File.WriteAllBytes(root.File("sample.dll"), dll[..(dll.Length / 2)]);
                        File.WriteAllBytes(root.File("libb.so"), needed[..^200]);
                        await SettleAsync();
                        root.Put(build);
                        File.WriteAllBytes(root.File("libb.so"), With(needed, build));
                        break;
                }
                await SettleAsync();
                var state = await world.ReachAsync(domid, build % 2 == 0 ? Kib.FromMiB(512) : Kib.FromMiB(640));
                Assert.That(state.Reason, Is.EqualTo($"build-{build:00000} with 15.0.0.0 and {build}"));
                await world.AfterAsync(10);
                if (build == 4)
                    before = Measure(copies, mapped);
            }

            var after = Measure(copies, mapped);
            var status = (await host.Plugins.StatusAsync(default)).Single();
            TestContext.Out.WriteLine($"{Rounds} rounds: contexts {before.Contexts} → {after.Contexts}, open files {before.Files} → {after.Files}, "
                + $"mapped libraries {before.Mapped} → {after.Mapped}, private copies {before.Copies} → {after.Copies}, resident {Environment.WorkingSet >> 20} MiB");
            Assert.That((status.Leaked, status.Draining), Is.EqualTo((0, 0)));
            Assert.That(after with { Files = 0 }, Is.EqualTo(before with { Files = 0 }));
            Assert.That(after.Files, Is.LessThanOrEqualTo(before.Files + 2));
            Assert.That((after.Mapped, after.Copies), Is.EqualTo((2, 1)));

            async Task SettleAsync()
            {
                while (await host.Plugins.ScanAsync(default))
                    await Task.Delay(FileDebounce.Quiet, world.Time);
            }
        }, limit: TimeSpan.FromHours(24));
        Assert.That(NativeCode.PrivateCopies().Except(copies), Is.Empty, "after the host has stopped");
    }

    // The whole folder, as a package manager or a careful script does.
    private static void Replace(PluginRoot root, string scratch, int build, byte[] called, byte[] needed)
    {
        using var other = new PluginRoot();
        other.Put(build);
        File.WriteAllBytes(other.File(NativeCode.Called), called);
        File.WriteAllBytes(other.File("libb.so"), needed);
        var old = Path.Combine(scratch, $"old-{build}");
        Directory.Move(root.Folder(), old);
        Directory.Move(other.Folder(), root.Folder());
        Directory.Delete(old, recursive: true);
    }

    private static byte[] With(byte[] library, int answer)
    {
        Span<byte> mark = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(mark, Placeholder);
        var patched = (byte[])library.Clone();
        BinaryPrimitives.WriteInt32LittleEndian(patched.AsSpan(library.AsSpan().IndexOf(mark)), answer);
        return patched;
    }

    private static (int Contexts, int Files, int Mapped, int Copies) Measure(string[] copies, IReadOnlyList<string> mapped)
    {
        GC.Collect();
        return (AssemblyLoadContext.All.Count(context => context.IsCollectible), Directory.GetFiles("/proc/self/fd").Length,
            NativeCode.Mapped().Except(mapped).Count(), NativeCode.PrivateCopies().Except(copies).Count());
    }
}
