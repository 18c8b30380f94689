using System.Security.Cryptography;
using Actors.Dispatch.Registry;
using Actors.Host.Daemon;
using Actors.Host.Logging;
using Actors.Host.Tests.Loading.Containment;
using Actors.Loading;
using Actors.Loading.Compatibility;
using Actors.Loading.Containment;

namespace Actors.Host.Tests.Loading;

/// <summary>Which plugins are loaded at the start, and which are refused, with which reason.</summary>
internal sealed class PluginCatalogTests
{
    private PluginRoot _root = null!;

    [SetUp]
    public void Open() => _root = new PluginRoot();

    [TearDown]
    public void Close() => _root.Dispose();

    [Test]
    public async Task The_shipped_plugins_all_serve()
    {
        var statuses = await LoadAsync(ProgramFolder.Plugins);

        Assert.That(statuses.Select(status => (status.Id, status.State)), Is.EquivalentTo(
            Directory.GetDirectories(ProgramFolder.Plugins).Select(folder => (Path.GetFileName(folder), "serving"))));
    }

    [Test]
    public async Task A_folder_without_its_dll_is_reported_and_stops_no_other()
    {
        _root.Copy("paging");
        _root.Put();
        File.Delete(_root.File("sample.dll"));

        var statuses = await LoadAsync();

        Assert.That(statuses.Select(status => (status.Id, status.State)), Is.EqualTo(new[] { ("paging", "serving"), ("sample", "refused") }));
        Assert.That(statuses[1].Problems, Is.EqualTo(new[] { "'sample.dll' is missing; copy the plugin's whole output folder" }));
    }

    [TestCase("contract: 1.0", "contract: 2.0", "too new", "'sample' 1.0 is built for contract 2.0, and this host has 1.1")]
    [TestCase("contract: 1.0", "contract: 1.9", "too new", "update the host")]
    [TestCase("contract: 1.0", "contract: 0.9", "too old", "get a newer version of the plugin")]
    [TestCase("actors: [sample]", "actors: []", "not a plugin", "'actors' is missing")]
    [TestCase("actors: [sample]", "actors: [sample, sample]", "not a plugin", "the actor 'sample' is listed twice")]
    [TestCase("actors: [sample]", "actors: [xl]", "not a plugin", "it means the default policy")]
    [TestCase("actors: [sample]", "actors: [Sample]", "not a plugin", "lower-case letters")]
    [TestCase("version: 1.0", "versoin: 1.0", "not a plugin", "did you mean 'version'?")]
    [TestCase("id: sample", "id: other", "not a plugin", "'other.dll' is missing")]
    [TestCase("id: sample", "id: YamlDotNet", "not a plugin", "does not reference Actors.Sdk")]
    [TestCase("version: 1.0", "version: 1.0\nsha256: [a]", "not a plugin", "'sha256' should be a group of keys")]
    [TestCase("version: 1.0", "version: 1.0\nsha256: { sample.dll: 12 }", "not a plugin", "expected 64 hexadecimal digits")]
    public async Task A_plugin_that_does_not_fit_is_refused_with_the_reason(string line, string instead, string verdict, string expected)
    {
        _root.Put();
        var manifest = _root.File(Manifest.FileName);
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest)).Replace(line, instead, StringComparison.Ordinal));

        var status = (await LoadAsync()).Single();

        Assert.That((status.State, status.Verdict), Is.EqualTo(("refused", verdict)));
        Assert.That(status.Problems, Has.Some.Contains(expected));
    }

    [Test]
    public async Task An_actor_without_a_class_is_refused_with_the_names_that_there_are()
    {
        _root.Put(actors: "smaple");

        Assert.That((await LoadAsync()).Single().Problems.Single(),
            Does.Contain("no class has the attribute [Actor(\"smaple\")]; found: leaky, sample, stubborn, unborn"));
    }

    [Test]
    public async Task Of_two_folders_with_the_same_plugin_the_second_is_refused_although_its_actors_are_others()
    {
        _root.Put(1);
        Directory.Move(_root.Folder(), _root.Folder("first"));
        _root.Put(2, actors: "stubborn");

        var statuses = await LoadAsync();

        Assert.That(statuses.Select(status => status.State), Is.EqualTo(new[] { "serving", "refused" }));
        Assert.That(statuses[1].Problems, Is.EqualTo(new[] { $"the plugin 'sample' is already loaded from '{_root.Folder("first")}'; remove one of the two folders" }));
    }

    [TestCase("Actors.Sdk", 2, 0, "too new", "was compiled against Actors.Sdk 2.0, and this host has 1.1")]
    [TestCase("Actors.Sdk", 1, 3, "too new", "was compiled against Actors.Sdk 1.3, and this host has 1.1")]
    [TestCase("Actors.Sdk", 0, 9, "too old", "get a newer version of the plugin")]
    [TestCase("System.Runtime", 99, 0, "too new", "is built for .NET 99")]
    public async Task What_a_dll_was_compiled_against_counts_whatever_its_manifest_says(string assembly, int major, int minor, string verdict, string expected)
    {
        _root.Put();
        await File.WriteAllBytesAsync(_root.File("sample.dll"), PluginRoot.DllAgainst(assembly, new Version(major, minor)));

        var status = (await LoadAsync()).Single();

        Assert.That((status.State, status.Verdict), Is.EqualTo(("refused", verdict)));
        Assert.That(status.Problems.Single(), Does.Contain(expected));
    }

    [Test]
    public async Task A_dependency_that_was_not_copied_is_named()
    {
        _root.Put();
        File.Delete(_root.File("YamlDotNet.dll"));

        Assert.That((await LoadAsync()).Single().Problems.Single(), Does.StartWith("'sample.dll' needs 'YamlDotNet.dll', which is not in the folder"));
    }

    [Test]
    public async Task A_plugin_that_ships_the_contract_uses_the_hosts_anyway()
    {
        _root.Put();
        File.Copy(Path.Combine(ProgramFolder.Root, "Actors.Sdk.dll"), _root.File("Actors.Sdk.dll"));

        Assert.That((await LoadAsync()).Single().State, Is.EqualTo("serving"));
    }

    [Test]
    public async Task Files_must_have_the_hashes_in_the_manifest()
    {
        _root.Put();
        var right = Hashes("sample.dll", "YamlDotNet.dll");
        _root.Put(more: right);
        Assert.That((await LoadAsync()).Single().State, Is.EqualTo("serving"));

        var asListed = Convert.ToHexStringLower(SHA256.HashData(PluginRoot.Dll(1)));
        _root.Put(2, more: right + $"  gone.txt: {new string('0', 64)}\n");
        await File.WriteAllTextAsync(_root.File("other.dll"), "");
        var status = (await LoadAsync()).Single();

        Assert.That((status.State, status.Verdict), Is.EqualTo(("refused", "not trusted")));
        Assert.That(status.Problems, Has.One.StartsWith("'gone.txt' is missing"));
        Assert.That(status.Problems, Has.One.StartsWith("'sample.dll' has ").And.One.Contains($"lists {asListed}"));
        Assert.That(status.Problems, Has.One.StartsWith("'other.dll' is not in the list"));
    }

    [Test]
    public async Task A_missing_folder_is_no_error()
    {
        var later = Path.Combine(_root.Path, "later");

        Assert.That(await LoadAsync(later), Is.Empty);
    }

    private string Hashes(params string[] files) =>
        "sha256:\n" + string.Concat(files.Select(file => $"  {file}: {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_root.File(file))))}\n"));

    private async Task<IReadOnlyList<PluginStatus>> LoadAsync(string? folder = null)
    {
        await using var catalog = PluginCatalog.Load(folder ?? _root.Path, new ActorDirectory(HostOptions.StandardPolicy),
            PluginContainment.OnLoop(new RealServices().Services), TimeProvider.System, Log.Silent);
        return await catalog.StatusAsync(default);
    }
}
