using Actors.Loading.Compatibility;
using Actors.Yaml;

namespace Actors.Loading.Tests.Compatibility;

/// <summary>Which plugins fit the host, and every reason why one does not.</summary>
internal sealed class JudgeTests
{
    private const string CopyAll = "copy the plugin's whole output folder";

    private PluginFolder _plugin = null!;

    [SetUp]
    public void Open() => _plugin = new PluginFolder();

    [TearDown]
    public void Close() => _plugin.Dispose();

    [Test]
    public void A_complete_plugin_for_this_host_fits()
    {
        var (manifest, verdict) = _plugin.Check();

        Assert.That((manifest!.Id, verdict.Line, verdict.Problems), Is.EqualTo(("acme", "fits", Array.Empty<string>())));
    }

    [Test]
    public void A_folder_without_a_manifest_is_not_a_plugin()
    {
        _plugin.Delete("plugin.yaml");

        Expect(Fit.NotAPlugin, "there is no plugin.yaml; remove the folder or complete it");
        Assert.That(_plugin.Check().Manifest, Is.Null);
    }

    [Test]
    public void A_manifest_with_mistakes_is_rejected_with_all_of_them()
    {
        _plugin.Manifest(contract: "new", actors: "xl");

        var file = Path.Combine(_plugin.Path, "plugin.yaml");
        Expect(Fit.NotAPlugin,
            $"{file}:3:11: 'contract': expected a version such as 1.0, found 'new'",
            $"{file}:4:10: 'xl' cannot be an actor's name: it means the default policy");
    }

    [Test]
    public void A_huge_manifest_is_not_parsed()
    {
        _plugin.Write("plugin.yaml", [.. Enumerable.Repeat((byte)'#', YamlFile.MaxBytes)]);
        Assert.That(_plugin.Check().Verdict.Line, Does.Contain("characters"));

        _plugin.Write("plugin.yaml", [.. Enumerable.Repeat((byte)'#', YamlFile.MaxBytes + 1)]);
        Expect(Fit.NotAPlugin, $"plugin.yaml is larger than {YamlFile.MaxBytes} bytes");
    }

    [TestCase("0.9", Fit.TooOld, "; get a newer version of the plugin")]
    [TestCase("1.3", Fit.TooNew, "; update the host, or use an older version of the plugin")]
    [TestCase("2.0", Fit.TooNew, "; update the host, or use an older version of the plugin")]
    public void A_plugin_for_another_contract_is_rejected(string contract, Fit fit, string advice)
    {
        _plugin.Manifest(contract);

        Expect(fit, $"'acme' 3.1 is built for contract {contract}, and this host has 1.2{advice}");
    }

    [TestCase("1.0")]
    [TestCase("1.1")]
    public void A_plugin_for_an_older_minor_version_of_the_contract_fits(string contract)
    {
        _plugin.Manifest(contract);
        _plugin.Write("acme.dll", AssemblyFile.Write([("Actors.Sdk", Version.Parse(contract)), AssemblyFile.Runtime], ("Squeezer", "squeeze")));

        Assert.That(_plugin.Check().Verdict.Line, Is.EqualTo("fits"));
    }

    [TestCase("0.9", Fit.TooOld, "; get a newer version of the plugin")]
    [TestCase("1.3", Fit.TooNew, "; update the host, or use an older version of the plugin")]
    public void The_contract_that_any_assembly_was_compiled_against_counts_as_well(string version, Fit fit, string advice)
    {
        _plugin.Write("helper.dll", AssemblyFile.Write([("Actors.Sdk", Version.Parse(version))]));
        _plugin.Write("other.dll", AssemblyFile.Write([("Actors.Sdk", Version.Parse(version))]));

        Expect(fit, $"'acme' 3.1 was compiled against Actors.Sdk {version}, and this host has 1.2{advice}");
    }

    [TestCase(9, true)]
    [TestCase(10, true)]
    [TestCase(11, false)]
    public void A_plugin_needs_no_newer_dotnet_than_the_hosts(int version, bool fits)
    {
        _plugin.Write("helper.dll", AssemblyFile.Write([("System.Runtime", new Version(version, 0)), ("System.Linq", new Version(99, 0))]));
        _plugin.Write("old.dll", AssemblyFile.Write([("System.Runtime", new Version(8, 0))]));

        if (fits)
            Assert.That(_plugin.Check().Verdict.Line, Is.EqualTo("fits"));
        else
            Expect(Fit.TooNew, "'acme' 3.1 is built for .NET 11, and this host runs on .NET 10; update the host, or use an older version of the plugin");
    }

    [Test]
    public void A_plugin_that_references_no_part_of_dotnet_fits()
    {
        _plugin.Write("acme.dll", AssemblyFile.Write([AssemblyFile.Sdk], ("Squeezer", "squeeze")));

        Assert.That(_plugin.Check().Verdict.Line, Is.EqualTo("fits"));
    }

    [Test]
    public void Files_must_match_the_hashes_in_the_manifest()
    {
        _plugin.Write("Data.DLL", AssemblyFile.Write([]));
        _plugin.Write("native.so", SystemLibrary());
        _plugin.Write("readme.txt", "any"u8.ToArray());
        var (none, main) = (new string('0', 64), _plugin.Hash("acme.dll"));
        _plugin.Manifest(more: $"sha256: {{ readme.txt: {none}, lost.txt: {none}, acme.dll: {main} }}");

        Expect(Fit.NotTrusted,
            $"'lost.txt' is missing, and plugin.yaml lists it with {none}; {CopyAll}",
            $"'readme.txt' has {_plugin.Hash("readme.txt")}, and plugin.yaml lists {none}; get the plugin again from its source",
            $"'Data.DLL' is not in the list of plugin.yaml, which must name all code; remove the file, or list it with {_plugin.Hash("Data.DLL")}",
            $"'native.so' is not in the list of plugin.yaml, which must name all code; remove the file, or list it with {_plugin.Hash("native.so")}");
    }

    [Test]
    public void A_plugin_whose_code_is_all_listed_fits()
    {
        _plugin.Write("readme.txt", "any"u8.ToArray());
        _plugin.Manifest(more: $"sha256: {{ acme.dll: {_plugin.Hash("acme.dll").ToUpperInvariant()} }}");

        Assert.That(_plugin.Check().Verdict.Line, Is.EqualTo("fits"));
    }

    [Test]
    public void Truncated_files_are_named()
    {
        var (assembly, library) = (AssemblyFile.WithActor(), SystemLibrary());
        _plugin.Write("b.dll", assembly[..^1]);
        _plugin.Write("a.so", library[..^1]);
        _plugin.Write("c.dll", []);

        Expect(Fit.NotAPlugin,
            $"'a.so' is incomplete: it should have at least {library.Length} bytes, but has {library.Length - 1}; copy it again",
            $"'b.dll' is incomplete: it should have at least {assembly.Length} bytes, but has {assembly.Length - 1}; copy it again",
            "'c.dll' is incomplete: it is empty; copy it again");
    }

    [Test]
    public void A_truncated_main_assembly_is_reported_once()
    {
        var assembly = AssemblyFile.WithActor();
        _plugin.Write("acme.dll", assembly[..^1]);

        Expect(Fit.NotAPlugin, $"'acme.dll' is incomplete: it should have at least {assembly.Length} bytes, but has {assembly.Length - 1}; copy it again");
    }

    [Test]
    public void The_main_assembly_must_be_there()
    {
        _plugin.Delete("acme.dll");

        Expect(Fit.NotAPlugin, $"'acme.dll' is missing; {CopyAll}");
    }

    [Test]
    public void The_main_assembly_must_be_one_of_dotnet()
    {
        _plugin.Write("acme.dll", AssemblyFile.WithoutMetadata());

        Expect(Fit.NotAPlugin, $"'acme.dll' is not a .NET assembly; {CopyAll}");
    }

    [Test]
    public void The_main_assembly_must_use_the_contract()
    {
        _plugin.Write("acme.dll", AssemblyFile.Write([AssemblyFile.Runtime]));

        Expect(Fit.NotAPlugin, "'acme.dll' does not reference Actors.Sdk, so it cannot contain an actor; is 'id' the name of the right DLL?");
    }

    [Test]
    public void Actors_without_a_class_are_named_with_those_that_have_one()
    {
        _plugin.Manifest(actors: "squash, squeeze, press");
        _plugin.Write("acme.dll", AssemblyFile.Write([AssemblyFile.Sdk], ("Squeezer", "squeeze"), ("Mangler", "mangle")));

        Expect(Fit.NotAPlugin, "the manifest names the actor 'squash', 'press', but no class has the attribute [Actor(\"squash\")]; found: mangle, squeeze");
    }

    [Test]
    public void An_assembly_without_actors_says_that_none_was_found()
    {
        _plugin.Write("acme.dll", AssemblyFile.Write([AssemblyFile.Sdk]));

        Expect(Fit.NotAPlugin, "the manifest names the actor 'squeeze', but no class has the attribute [Actor(\"squeeze\")]; found: none");
    }

    [Test]
    public void Two_classes_for_one_actor_are_named()
    {
        _plugin.Write("acme.dll", AssemblyFile.Write([AssemblyFile.Sdk], ("Acme.One", "squeeze"), ("Acme.Two", "squeeze")));

        Expect(Fit.NotAPlugin, "several classes have the attribute [Actor(\"squeeze\")]: Acme.One, Acme.Two");
    }

    [Test]
    public void Dependencies_of_any_assembly_must_be_shipped_unless_they_come_with_the_host()
    {
        (string, Version)[] needs = [AssemblyFile.Sdk, ("System.Linq", new Version(10, 0)), ("Packer", new Version(1, 0)), ("Zipper", new Version(1, 0)), ("Shipped", new Version(1, 0))];
        _plugin.Write("acme.dll", AssemblyFile.Write(needs, ("Squeezer", "squeeze")));
        _plugin.Write("lib/Shipped.dll", AssemblyFile.Write([("Hidden", new Version(1, 0))]));

        Expect(Fit.NotAPlugin,
            $"'acme.dll' needs 'Packer.dll', 'Zipper.dll', which is not in the folder; {CopyAll} (EnableDynamicLoading in its project puts it there)",
            $"'lib/Shipped.dll' needs 'Hidden.dll', which is not in the folder; {CopyAll} (EnableDynamicLoading in its project puts it there)");
    }

    [Test]
    public void A_native_library_that_cannot_get_a_name_of_its_own_is_rejected()
    {
        var library = SystemLibrary();
        "li.System.Native.so"u8.CopyTo(library.AsSpan(library.AsSpan().IndexOf("libSystem.Native.so\0"u8)));
        _plugin.Write("li.so", library);

        Expect(Fit.NotAPlugin,
            "the native library 'li.System.Native.so' cannot be told apart from another plugin's: its name needs at least 3 characters before the first dot; rename it");
    }

    [Test]
    public void The_first_problem_decides_the_verdict_and_all_are_listed()
    {
        _plugin.Manifest(contract: "9.0");
        _plugin.Delete("acme.dll");

        Expect(Fit.TooNew,
            "'acme' 3.1 is built for contract 9.0, and this host has 1.2; update the host, or use an older version of the plugin",
            $"'acme.dll' is missing; {CopyAll}");
    }

    private void Expect(Fit fit, params string[] problems)
    {
        var verdict = _plugin.Check().Verdict;
        Assert.That(verdict.Problems, Is.EqualTo(problems));
        Assert.That(verdict.Fit, Is.EqualTo(fit));
    }

    private static byte[] SystemLibrary() => File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libSystem.Native.so"));
}
