using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Processes;

namespace Actors.Host.Tests.Chains.Scripts.Processes;

/// <summary>A script cannot harm more than the process that compiles it.</summary>
internal sealed class ProcessCompilerTests
{
    private static readonly ScriptSource Good = new(ScriptKind.Policy, "good.csx", "return await Run(\"balloon\");");

    private static ScriptProcessOptions Options { get; } = new(ProgramFolder.Program, User: null, TestContext.Out.WriteLine);

    [Test]
    public async Task A_script_is_compiled_in_another_process_with_its_steps_and_what_it_reads()
    {
        using var compiler = new ProcessCompiler(Options);

        var compiled = await compiler.CompileAsync(Source("if (Host.Free < 1.GiB()) await Run(\"paging\");"));

        Assert.That(compiled.Problems, Is.Empty);
        Assert.That((compiled.Image!.Steps.Single(), compiled.Image.Reads), Is.EqualTo(("paging", ScriptReads.Host)));
    }

    [Test]
    public async Task A_mistake_is_reported_with_its_place_as_in_this_process()
    {
        using var compiler = new ProcessCompiler(Options);
        var source = Source("var x = 1;\nvar y = z;");

        Assert.That((await compiler.CompileAsync(source)).Problems, Is.EqualTo(ScriptCompiler.Compile(source).Problems).And.One.Property("Line").EqualTo(2));
    }

    [Test]
    public async Task A_script_that_nests_too_deeply_for_the_compiler_is_blamed_and_the_next_one_compiles()
    {
        // The runtime writes the whole stack first, which can take longer than the limits.
        using var compiler = new ProcessCompiler(Options);

        var broken = await compiler.CompileAsync(Source(HostileSources.Overflows));

        Assert.That(broken.Problems.Single().Message, Does.Match("^the compiler ((ended in a stack overflow|used more processor time).* when it compiled this script; it is not compiled again until it changes|was killed: it compiled for 30 s)$"));
        Assert.That((await compiler.CompileAsync(Good)).Image, Is.Not.Null);
    }

    [Test]
    public async Task A_script_that_makes_the_compiler_compute_too_long_is_stopped_by_its_processor_time()
    {
        using var compiler = new ProcessCompiler(Options with { CompilerSeconds = 3 });

        var problem = (await compiler.CompileAsync(Source(HostileSources.Spins))).Problems.Single();

        Assert.That((problem.Line, problem.Message), Is.EqualTo((1,
            "the compiler used more processor time than its limit (SIGXCPU) when it compiled this script; it is not compiled again until it changes")));
    }

    [Test]
    public async Task A_script_that_makes_the_compiler_compute_too_long_is_stopped_by_the_clock_too()
    {
        using var compiler = new ProcessCompiler(Options with { CompilesAtMost = TimeSpan.FromSeconds(3) });

        var stopped = await compiler.CompileAsync(Source(HostileSources.Spins));

        Assert.That(stopped.Problems.Single().Message, Is.EqualTo("the compiler was killed: it compiled for 3 s"));
        Assert.That((stopped.Unknown, stopped.BrokeCompiler), Is.EqualTo((true, false)), "the machine may be busy");
    }

    [Test]
    public async Task A_script_that_exhausts_the_compilers_memory_is_blamed()
    {
        using var compiler = new ProcessCompiler(Options with { MemoryBytes = 100 << 20 });

        var broken = await compiler.CompileAsync(Source(HostileSources.Large));

        Assert.That(broken.BrokeCompiler, broken.Problems.Single().Message);
        Assert.That(broken.Problems.Single().Message, Does.Contain("memory").IgnoreCase);
    }

    [Test]
    public async Task A_script_that_follows_others_in_the_same_process_is_blamed_only_after_it_was_tried_alone()
    {
        using var compiler = new ProcessCompiler(Options with { CompilerSeconds = 4 });
        for (var index = 0; index < 5; index++)
            Assert.That((await compiler.CompileAsync(Source($"return Unable(\"{index}\");"))).Image, Is.Not.Null);

        Assert.That((await compiler.CompileAsync(Source(HostileSources.Spins))).BrokeCompiler);
        Assert.That((await compiler.CompileAsync(Good)).Image, Is.Not.Null);
    }

    [Test]
    public async Task A_compiler_that_cannot_be_started_blames_no_script()
    {
        using var compiler = new ProcessCompiler(Options with { Program = "/bin/false" });

        var compiled = await compiler.CompileAsync(Good);

        Assert.That((compiled.Unknown, compiled.BrokeCompiler), Is.EqualTo((true, false)));
        Assert.That(compiled.Problems.Single().Message, Is.EqualTo("the compiler could not be started: its process ended on its own with exit code 1"));
    }

    [Test]
    public async Task Good_scripts_do_not_wait_for_one_that_the_compiler_does_not_finish()
    {
        var store = new ScriptStore(null);
        var (spinning, good) = (Source(HostileSources.Spins), Enumerable.Range(0, 5).Select(index => Source($"return Unable(\"{index}\");")).ToList());
        var allGood = new TaskCompletionSource();
        await using var queue = new CompileQueue(() => new ProcessCompiler(Options), store, () =>
        {
            if (good.All(source => store.Find(source) is { Image: not null }))
                allGood.TrySetResult();
            return Task.CompletedTask;
        }, TimeProvider.System);

        queue.Add([spinning, .. good]);

        await allGood.Task.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);
        Assert.That(store.Find(spinning), Is.Null, "it is still being compiled");
    }

    private static ScriptSource Source(string text) => new(ScriptKind.Policy, "p.csx", text);
}
