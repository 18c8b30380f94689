using System.Globalization;
using System.Runtime.Loader;
using Actors.Dispatch.Files;
using Actors.Sdk;

namespace Actors.Host.Tests.Loading;

internal sealed class ReplacedUnderLoadTests
{
    private const int Domains = 20;

    // More rounds than a test needs can be requested by hand.
    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("ACTORS_RELOAD_ROUNDS") ?? "50", CultureInfo.InvariantCulture);

    [Test]
    public void A_plugin_is_replaced_many_times_under_load_and_nothing_grows_and_no_target_is_lost()
    {
        using var root = new PluginRoot();
        root.Put(1);
        TestWorld.Run(async world =>
        {
            await using var host = await world.StartHostAsync(root.Path);
            var domains = new List<int>();
            for (var i = 0; i < Domains; i++)
            {
                domains.Add(await world.CreateAsync($"web-{i}"));
                // Some end on their own; some are cancelled at the deadline and continue on the new version.
                await world.SetAsync(domains[^1], "actor", i % 5 == 0 ? "sample:45" : "sample:1");
            }
            var (contexts, files, memory) = (0, 0, 0L);
            for (var round = 1; round <= Rounds; round++)
            {
                var target = round % 2 == 0 ? Kib.FromMiB(512) : Kib.FromMiB(640);
                foreach (var domid in domains)
                    await world.SetTargetAsync(domid, target);
                await world.AfterAsync(0.5);
                root.Put(round + 1);
                while (await host.Plugins.ScanAsync(default))
                    await Task.Delay(FileDebounce.Quiet, world.Time);
                foreach (var domid in domains)
                    await world.StateAsync(domid, state => state.Final && state.Target == target && state.Outcome == "reached");
                await world.AfterAsync(10);
                if (round == Rounds / 5)
                    (contexts, files, memory) = Measure();
            }

            var (contextsAfter, filesAfter, memoryAfter) = Measure();
            TestContext.Out.WriteLine($"{Rounds} rounds: contexts {contexts} → {contextsAfter}, files {files} → {filesAfter}, heap {memory >> 10} → {memoryAfter >> 10} KiB, resident {Environment.WorkingSet >> 10} KiB");
            var status = (await host.Plugins.StatusAsync(default)).Single();
            Assert.Multiple(() =>
            {
                Assert.That((status.Version, status.Generation, status.Leaked), Is.EqualTo(($"{Rounds + 1}.0", Rounds + 1, 0)));
                Assert.That(contextsAfter, Is.EqualTo(contexts));
                Assert.That(filesAfter, Is.LessThanOrEqualTo(files + 2));
                Assert.That(memoryAfter, Is.LessThan(memory + (16 << 20)));
                Assert.That(world.Journal.Where(entry => entry.Outcome != "reached"), Is.Empty);
                Assert.That(world.Journal, Has.Count.EqualTo(Rounds * Domains));
            });
        }, limit: TimeSpan.FromHours(24));
    }

    private static (int Contexts, int Files, long Memory) Measure() => (
        AssemblyLoadContext.All.Count(context => context.IsCollectible), Directory.GetFiles("/proc/self/fd").Length, GC.GetTotalMemory(forceFullCollection: true));
}
