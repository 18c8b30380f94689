using System.Globalization;

namespace Actors.Sim.Tests.Properties;

internal sealed class RandomRunTests
{
    private const int Few = 25;

    private static int Runs => Number("ACTORS_PROPERTY_RUNS") ?? Few;

    private static int FirstSeed => Number("ACTORS_PROPERTY_SEED") ?? 1;

    [Test]
    public void No_page_is_lost_and_no_domain_outgrows_its_max_mem_whatever_happens()
    {
        var failures = 0;
        for (var seed = FirstSeed; seed < FirstSeed + Runs; seed++)
        {
            try
            {
                RandomRun.Play(seed);
            }
            catch (AssertionException error) when (++failures < 5 && Runs > 1)
            {
                TestContext.Error.WriteLine(error.Message);
            }
        }
        Assert.That(failures, Is.Zero, $"failed runs of {Runs}");
    }

    [Test]
    public void The_same_seed_repeats_exactly_even_when_the_process_is_killed_in_between()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var first = RandomRun.Play(seed);
            Assert.That(RandomRun.Play(seed), Is.EqualTo(first), $"seed {seed}");
        }
    }

    [Test]
    public void Worlds_that_run_at_the_same_time_on_many_threads_are_the_same_as_one_after_the_other()
    {
        var seeds = Enumerable.Range(1, 8).ToList();
        var many = seeds.AsParallel().AsOrdered().WithDegreeOfParallelism(seeds.Count).Select(RandomRun.Play).ToList();
        foreach (var (seed, trace) in seeds.Zip(many))
            Assert.That(trace, Is.EqualTo(RandomRun.Play(seed)), $"seed {seed}");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
