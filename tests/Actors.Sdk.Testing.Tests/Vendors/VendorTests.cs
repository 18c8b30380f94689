namespace Actors.Sdk.Testing.Tests.Vendors;

/// <summary>Uses the vendor kit like a vendor, without a network. These tests are slow because they build projects.</summary>
internal sealed class VendorTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(20);

    private Shell _shell = null!;

    [SetUp]
    public void OpenShell() => _shell = new Shell();

    [TearDown]
    public void CloseShell() => _shell.Dispose();

    [Test]
    public async Task Every_block_of_the_guide_runs_as_written()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Shell.Repository, "docs", "writing-an-actor.md"));

        var (exitCode, output) = await _shell.RunAsync(WalkThrough.Script(page), Deadline);

        TestContext.Out.WriteLine(output);
        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.Zero, output);
            Assert.That(output, Does.Contain($"Passed:    {ActorRules.All.Count + 6}, Skipped:     1"));
            Assert.That(output, Does.Contain($"Passed:    {ActorRules.All.Count + 7}, Skipped:     1"));
            Assert.That(output, Does.Contain("passed, 0 failed, 1 not applicable"));
            Assert.That(output, Does.Contain("web-1: target 512 MiB reached"));
            Assert.That(output, Does.Match("offers +IBudget"));
            Assert.That(output, Does.Match("metric +acme_compress.reached 1"));
            Assert.That(output, Does.Match("metric +acme_compress.domains [1-9]"));
            Assert.That(output, Does.Contain("actors.yaml:4:21: 'check_interval'"));
        });
    }

    [TestCase("Acme.Foo-Bar", "Acme.Foo_Bar", "BarActor", "acme-foo-bar")]
    [TestCase("my-plugin", "my_plugin", "PluginActor", "my-plugin")]
    [TestCase("compress", "compress", "CompressActor", "compress")]
    public async Task A_plugin_may_have_any_name(string name, string ns, string type, string actor)
    {
        var (exitCode, output) = await _shell.RunAsync($"""
            dotnet new install "$ACTORS/templates/actors-plugin"
            dotnet new actors-plugin -n {name}
            grep -F '"{name}\{name}.csproj"' {name}/{name}.sln
            cat {name}/{name}/{type}.cs {name}/{name}/plugin.yaml
            """, Deadline);

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.Zero, output);
            Assert.That(output, Does.Contain($"namespace {ns};"));
            Assert.That(output, Does.Contain($"[Actor(\"{actor}\")]\npublic sealed class {type} : IActor"));
            Assert.That(output, Does.Contain($"id: {name}\n"));
            Assert.That(output, Does.Contain($"actors: [{actor}]"));
        });
    }

    [Test]
    public async Task A_build_that_breaks_the_contract_fails_and_names_the_broken_member()
    {
        var (exitCode, output) = await _shell.RunAsync("""
            cp -r "$ACTORS"/sdk "$ACTORS"/*.props "$ACTORS"/.editorconfig "$ACTORS"/BannedSymbols.txt "$ACTORS"/LICENSE .
            rm -rf sdk/bin sdk/obj
            sed -i 's/FromGiB(long gibibytes)/FromGibibytes(long gibibytes)/' sdk/Amounts/Kib.cs
            sed -i 's|void Report(Progress progress);|&\n\n    /// <summary>Another.</summary>\n    void Another();|' sdk/IDomain.cs
            dotnet build sdk || true
            echo '--- with the change declared in the API files'
            sed -i '/FromGiB/d' sdk/PublicAPI.Shipped.txt
            sdk/baseline/declare sdk
            """, Deadline);

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.Not.Zero);
            Assert.That(output, Does.Contain("error RS0016: Symbol 'Actors.Sdk.IDomain.Another() -> void' is not part of the declared public API"));
            Assert.That(output, Does.Contain("error RS0017: Symbol 'static Actors.Sdk.Kib.FromGiB(long gibibytes) -> Actors.Sdk.Kib' is part of the declared API"));
            Assert.That(output, Does.Contain("error CP0002: Member 'Actors.Sdk.Kib Actors.Sdk.Kib.FromGiB(long)'"));
            Assert.That(output, Does.Contain("error CP0006: Cannot add interface member 'void Actors.Sdk.IDomain.Another()'"));
        });
    }
}
