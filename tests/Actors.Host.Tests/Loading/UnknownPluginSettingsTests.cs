using Actors.Dispatch.Registry;
using Actors.Host.Daemon;
using Actors.Host.Settings;
using Actors.Host.Tests.Loading.Containment;
using Actors.Isolation.Messages;
using Actors.Loading;
using Actors.Loading.Containment;
using Actors.Sdk.Testing;
using Actors.Yaml;

namespace Actors.Host.Tests.Loading;

/// <summary>Settings of a plugin that does not exist are reported with their position, and stop nothing.</summary>
internal sealed class UnknownPluginSettingsTests
{
    private const string Misspelt = "actors.yaml:2:3: there is no plugin 'smaple', so its settings have no effect; did you mean 'sample'?";
    private const string Absent = "actors.yaml:4:3: there is no plugin 'acme.compress', so its settings have no effect; they count when the plugin is added";

    private FakeLog _log = null!;

    [SetUp]
    public void Open() => _log = new FakeLog();

    [Test]
    public async Task They_are_reported_at_the_start_with_the_id_that_was_probably_meant()
    {
        using var root = new PluginRoot();
        root.Put();
        await using var catalog = Load(root, "  smaple:\n    x: 1\n  acme.compress: { x: 1 }\n");

        Assert.That(Warnings, Is.EqualTo(new[] { Misspelt, Absent }));
        Assert.That((await catalog.StatusAsync(default)).Single().State, Is.EqualTo("serving"));
    }

    [Test]
    public async Task A_reload_reports_them_again_until_the_plugin_is_there()
    {
        using var root = new PluginRoot();
        await using var catalog = Load(root, "  sample: {}\n");
        Assert.That(Warnings.Single(), Does.Contain("'sample'").And.EndsWith("they count when the plugin is added"));

        await catalog.CheckSettingsAsync(default);
        Assert.That(Warnings, Has.Length.EqualTo(2));
        root.Put();
        await catalog.ReloadAsync(null, default);
        await catalog.CheckSettingsAsync(default);

        Assert.That(Warnings, Has.Length.EqualTo(2));
    }

    [Test]
    public async Task A_plugin_whose_folder_is_broken_exists()
    {
        using var root = new PluginRoot();
        root.Put();
        File.WriteAllText(root.File("plugin.yaml"), "id: [");
        await using var catalog = Load(root, "  sample: { x: 1 }\n");

        Assert.That(Warnings.Where(line => line.Contains("there is no plugin", StringComparison.Ordinal)), Is.Empty);
    }

    private string[] Warnings => [.. _log.Lines.Where(line => line.StartsWith("warn: ", StringComparison.Ordinal)).Select(line => line["warn: ".Length..])];

    private PluginCatalog Load(PluginRoot root, string settings) => PluginCatalog.Load(
        root.Path, new ActorDirectory(HostOptions.StandardPolicy), PluginContainment.OnLoop(new RealServices().Services), TimeProvider.System, _log, settings: Parse(settings));

    private static IReadOnlyDictionary<string, SettingsBody> Parse(string settings) =>
        HostConfiguration.Parse($"plugin_settings:\n{settings}", "/", new YamlProblems("actors.yaml"))!.PluginSettings!;
}
