using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Running;
using Actors.Yaml;

namespace Actors.Host.Tests.Chains.Scripts;

internal sealed class ScriptCacheTests
{
    private static readonly ScriptSource Source = new(ScriptKind.Policy, "p.csx", "await Run(\"good\");");

    private readonly List<string> _warnings = [];
    private string _folder = "";
    private ScriptCache _cache = null!;

    [SetUp]
    public void MakeCache()
    {
        _folder = Path.Combine(Directory.CreateTempSubdirectory("cache").FullName, "scripts");
        _cache = new ScriptCache(_folder, _warnings.Add);
        _warnings.Clear();
    }

    [TearDown]
    public void RemoveCache() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Test]
    public void A_compiled_script_is_found_again_with_its_steps()
    {
        Load();

        Assert.That(_cache.Find(Source)!.Image, Has.Property("Steps").EqualTo(new[] { "good" }));
        Assert.That(File.GetUnixFileMode(_folder), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute), "only its user may read the folder");
        Assert.That(Load().Steps, Is.EqualTo(new[] { "good" }));
    }

    [Test]
    public void A_script_with_another_text_name_or_place_is_not_found()
    {
        Load();

        Assert.That(_cache.Find(Source with { Text = Source.Text + " " }), Is.Null);
        Assert.That(_cache.Find(Source with { File = "q.csx" }), Is.Null);
        Assert.That(_cache.Find(Source with { Line = 2 }), Is.Null);
    }

    [Test]
    public void A_script_that_was_compiled_with_the_program_needs_no_compiler()
    {
        Load();
        var own = Path.Combine(_folder, "own");
        var program = new ScriptEngine(new ScriptStore(new ScriptCache(own, _warnings.Add, shipped: _folder)), compiler: null, new LocalRunner()).Load(Source, new YamlProblems("p.csx"));

        Assert.That(program!.Steps, Is.EqualTo(new[] { "good" }));
        Assert.That(Directory.Exists(own), Is.False, "nothing had to be stored");
    }

    [TestCase(0)]
    [TestCase(40)]
    [TestCase(-1)]
    public void A_damaged_file_is_compiled_again(int place)
    {
        Load();
        var bytes = File.ReadAllBytes(Stored);
        bytes[place < 0 ? ^1 : place] ^= 1;
        File.WriteAllBytes(Stored, bytes);

        Assert.That(_cache.Find(Source), Is.Null);
        Load();
        Assert.That(_cache.Find(Source), Is.Not.Null);
    }

    [Test]
    public void A_file_or_a_folder_that_others_can_write_is_not_trusted()
    {
        Load();
        File.SetUnixFileMode(Stored, (UnixFileMode)Convert.ToInt32("606", 8));
        Assert.That(_cache.Find(Source), Is.Null);
        Assert.That(_warnings, Has.One.Contains($"chmod go-w '{Stored}'"));

        File.SetUnixFileMode(Stored, (UnixFileMode)Convert.ToInt32("600", 8));
        File.SetUnixFileMode(_folder, (UnixFileMode)Convert.ToInt32("777", 8));
        Assert.That(_cache.Find(Source), Is.Null);
        Load();
        Assert.That(_warnings, Has.One.Contains($"compiled scripts are not stored: '{_folder}' can be written by others"));
    }

    private string Stored => Directory.GetFiles(_folder).Single();

    private IScript Load() => new ScriptEngine(new ScriptStore(_cache), new ScriptCompiler(), new LocalRunner()).Load(Source, new YamlProblems("p.csx"))!;
}
