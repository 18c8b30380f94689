using System.Diagnostics;
using Actors.Loading.Compatibility;
using Actors.Loading.Reload;
using Actors.Sdk;

namespace Actors.Host.Tests.Loading;

internal sealed class NativeLibraryTests
{
    [SetUp]
    public void NeedsCompiler()
    {
        if (!File.Exists("/usr/bin/gcc") && Environment.GetEnvironmentVariable("CI") != "true")
            Assert.Ignore("needs a C compiler (apt: gcc libc6-dev)");
    }

    [Test]
    public void A_plugin_brings_native_code_that_is_replaced_with_it_and_is_gone_with_it()
    {
        using var root = new PluginRoot();
        root.Put(1);
        Compile(root, 41);
        TestWorld.Run(async world =>
        {
            await using var host = await world.StartHostAsync(root.Path);
            var domid = await world.CreateAsync("web-1");
            await world.SetAsync(domid, "actor", "sample:native");
            var first = await world.ReachAsync(domid, Kib.FromMiB(512));

            Compile(root, 42);
            while (await host.Plugins.LookAsync(default))
                await Task.Delay(FolderDebounce.Quiet, world.Time);
            var second = await world.ReachAsync(domid, Kib.FromMiB(640));
            await world.AfterAsync(10);

            Assert.Multiple(() =>
            {
                Assert.That(first.Reason, Does.EndWith("and 41"));
                Assert.That(second.Reason, Does.EndWith("and 42"));
                Assert.That(Mapped(), Is.EqualTo(1));
            });
        });
    }

    [Test]
    public async Task Native_code_that_is_cut_short_is_never_mapped()
    {
        using var root = new PluginRoot();
        root.Put(1);
        Compile(root, 41);
        var library = root.File("libsamplenative.so");
        var whole = await File.ReadAllBytesAsync(library);
        await File.WriteAllBytesAsync(library, whole[..(whole.Length - 100)]);

        Assert.That(Candidate.Read(root.Folder()).Verdict.Line, Does.StartWith("not a plugin: 'libsamplenative.so' is not whole: it should have"));
    }

    private static int Mapped() => File.ReadLines("/proc/self/maps")
        .Where(line => line.Contains("libsamplenative", StringComparison.Ordinal)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[5]).Distinct().Count();

    // By rename, as a package manager would.
    private static void Compile(PluginRoot root, int answer)
    {
        var source = root.File("answer.c");
        File.WriteAllText(source, $"int answer(void) {{ return {answer}; }}\n");
        using var gcc = Process.Start("gcc", ["-shared", "-fPIC", "-o", source + ".so", source]);
        gcc.WaitForExit();
        Assert.That(gcc.ExitCode, Is.Zero);
        File.Delete(source);
        File.Move(source + ".so", root.File("libsamplenative.so"), overwrite: true);
    }
}
