using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Actors.Host.Plugins;
using Actors.Host.Plugins.Containment;
using Actors.Host.Tests.Plugins.Containment;
using Actors.Sdk;

namespace Actors.Host.Tests.Plugins;

internal sealed class PluginCatalogTests
{
    private static readonly PluginContainment Containment = PluginContainment.OnLoop(new RealGround().Ground);

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("plugins").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void The_shipped_plugins_load_each_into_a_world_of_its_own_and_share_the_contract_alone()
    {
        var catalog = PluginCatalog.Load(ProgramFolder.Plugins, Containment);
        var actors = catalog.Entries.ToDictionary(entry => entry.Name, entry => entry.Actor);

        Assert.Multiple(() =>
        {
            Assert.That(catalog.Problems, Is.Empty);
            Assert.That(actors.Keys, Is.EquivalentTo(new[] { "balloon", "paging", "sharing", "tmem" }));
            Assert.That(actors.Values, Has.All.InstanceOf<ContainedActor>());
            Assert.That(actors.Values.Select(WorldOf).Distinct().Count(), Is.EqualTo(4));
            Assert.That(actors.Values.Select(WorldOf), Has.None.SameAs(AssemblyLoadContext.Default));
        });
    }

    [Test]
    public async Task An_unloaded_plugin_is_gone_from_memory()
    {
        var world = await LoadAndUnloadAsync();
        for (var i = 0; i < 20 && world.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(world.IsAlive, Is.False);
    }

    [Test]
    public void A_folder_without_its_dll_is_told_about_and_stops_no_other()
    {
        Copy("paging");
        Copy("balloon");
        File.Delete(Path.Combine(_folder, "balloon", "balloon.dll"));

        var catalog = PluginCatalog.Load(_folder, Containment);

        Assert.Multiple(() =>
        {
            Assert.That(catalog.Entries.Select(entry => entry.Name), Is.EqualTo(new[] { "paging" }));
            Assert.That(catalog.Problems, Has.One.Contains("'balloon.dll' is missing; copy the plugin's whole output folder"));
        });
    }

    [Test]
    public void A_half_copied_dll_is_told_about_and_stops_no_other()
    {
        Copy("paging");
        Copy("balloon");
        var dll = Path.Combine(_folder, "balloon", "balloon.dll");
        File.WriteAllBytes(dll, File.ReadAllBytes(dll)[..2000]);

        var catalog = PluginCatalog.Load(_folder, Containment);

        Assert.That(catalog.Problems, Has.One.Contains("cannot be loaded"));
    }

    [TestCase("contract: 1.0", "contract: 2.0", "too new: 'balloon' 0.1.0 is built for contract 2.0, and this host has 1.0")]
    [TestCase("contract: 1.0", "contract: 1.9", "too new")]
    [TestCase("contract: 1.0", "contract: 0.9", "too old")]
    [TestCase("actors: [balloon]", "actors: [ballon]", "no class carries [Actor(\"ballon\")]; found: balloon")]
    [TestCase("actors: [balloon]", "actors: []", "'actors' is missing")]
    [TestCase("version: 0.1.0", "versoin: 0.1.0", "did you mean 'version'?")]
    public void A_manifest_that_does_not_fit_is_refused_in_words(string line, string instead, string expected)
    {
        Copy("balloon");
        var manifest = Path.Combine(_folder, "balloon", Manifest.FileName);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace(line, instead, StringComparison.Ordinal));

        Assert.That(string.Join('\n', PluginCatalog.Load(_folder, Containment).Problems), Does.Contain(expected));
    }

    [Test]
    public void A_missing_folder_is_told_about() =>
        Assert.That(PluginCatalog.Load(Path.Combine(_folder, "nowhere"), Containment).Problems, Has.One.Contains("there is no such folder"));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> LoadAndUnloadAsync()
    {
        var catalog = PluginCatalog.Load(ProgramFolder.Plugins, Containment);
        var world = new WeakReference(WorldOf(catalog.Entries.First().Actor), trackResurrection: true);
        await catalog.DisposeAsync();
        return world;
    }

    private static AssemblyLoadContext? WorldOf(IActor actor) => AssemblyLoadContext.GetLoadContext(((ContainedActor)actor).Raw.GetType().Assembly);

    private void Copy(string plugin)
    {
        var target = Directory.CreateDirectory(Path.Combine(_folder, plugin));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(ProgramFolder.Plugins, plugin)))
            File.Copy(file, Path.Combine(target.FullName, Path.GetFileName(file)));
    }
}
