using System.Runtime.CompilerServices;
using Actors.Dispatch.Files;
using Actors.Loading.Compatibility;
using Actors.Loading.LoadContexts;
using Actors.Loading.Native;
using Actors.Sdk;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Host.Tests.Loading;

/// <summary>Native libraries of plugins: each version has its own, and they are gone when it is.</summary>
internal sealed class NativeLibraryTests
{
    private PluginRoot _root = null!;
    private IReadOnlyList<string> _before = [];

    [SetUp]
    public void Open()
    {
        NativeCode.NeedsCompiler();
        _root = new PluginRoot();
        _before = NativeCode.Mapped();
    }

    [TearDown]
    public void Close() => _root?.Dispose();

    [Test]
    public void A_native_library_is_replaced_with_its_plugin_and_unmapped_with_it()
    {
        _root.Put(1);
        NativeCode.CompileAnswer(_root, 41);
        TestWorld.Run(async world =>
        {
            await using var host = await world.StartHostAsync(_root.Path);
            var domid = await world.CreateAsync("web-1");
            await world.SetAsync(domid, "actor", "sample:native");
            var first = await world.ReachAsync(domid, Kib.FromMiB(512));

            NativeCode.CompileAnswer(_root, 42);
            while (await host.Plugins.ScanAsync(default))
                await Task.Delay(FileDebounce.Quiet, world.Time);
            var second = await world.ReachAsync(domid, Kib.FromMiB(640));
            await world.AfterAsync(10);

            Assert.Multiple(() =>
            {
                Assert.That(first.Reason, Does.EndWith("and 41"));
                Assert.That(second.Reason, Does.EndWith("and 42"));
                Assert.That(Mapped(), Has.Exactly(1).Items);
            });
        });
    }

    [TestCase(true, true, false)]
    [TestCase(true, true, true)]
    [TestCase(true, false, false)]
    [TestCase(true, false, true)]
    [TestCase(false, true, false)]
    [TestCase(false, true, true)]
    public void Two_plugins_and_two_versions_of_one_each_call_the_library_that_they_ship(bool soname, bool runPath, bool versioned)
    {
        _root.Put(1, "first");
        _root.Put(1, "second");
        NativeCode.CompilePair(_root, 41, "first", soname: soname, runPath: runPath, versioned: versioned);
        NativeCode.CompilePair(_root, 42, "second", soname: soname, runPath: runPath, versioned: versioned);
        var (first, second) = (NativeCode.Load(_root, "first"), NativeCode.Load(_root, "second"));
        var before = (NativeCode.Answer(first), NativeCode.Answer(second));
        NativeCode.CompilePair(_root, 43, "first", soname: soname, runPath: runPath, versioned: versioned);
        var newer = NativeCode.Load(_root, "first");

        Assert.That((before, NativeCode.Answer(newer), NativeCode.Answer(first)), Is.EqualTo(((41, 42), 43, 41)));
        Unload(first, second, newer);
    }

    [Test]
    public void Plugins_with_a_chain_of_libraries_each_call_their_own_to_the_end()
    {
        _root.Put(1, "first");
        _root.Put(1, "second");
        NativeCode.CompileChain(_root, 41, "first");
        NativeCode.CompileChain(_root, 42, "second");
        var (first, second) = (NativeCode.Load(_root, "first"), NativeCode.Load(_root, "second"));

        Assert.That((NativeCode.Answer(first), NativeCode.Answer(second)), Is.EqualTo((41, 42)));
        Unload(first, second);
    }

    [Test]
    public void A_library_that_deps_json_does_not_list_is_found_and_is_not_another_plugins()
    {
        _root.Put(1, "first");
        _root.Put(1, "second");
        NativeCode.Compile(_root.File(NativeCode.Called, "first"), "int answer(void) { return 41; }\n", [], "-Wl,-soname," + NativeCode.Called);
        NativeCode.Compile(_root.File(NativeCode.Called, "second"), "int answer(void) { return 42; }\n", [], "-Wl,-soname," + NativeCode.Called);
        var (first, second) = (NativeCode.Load(_root, "first"), NativeCode.Load(_root, "second"));

        Assert.That((NativeCode.Answer(first), NativeCode.Answer(second)), Is.EqualTo((41, 42)));
        Unload(first, second);
    }

    [Test]
    public void Libraries_that_deps_json_lists_for_this_runtime_are_found_with_what_they_need_and_unmapped()
    {
        const string Folder = "runtimes/linux-x64/native";
        _root.Put();
        NativeCode.Compile(_root.File($"{Folder}/libb.so"), "int b_value(void) { return 41; }\n", [], "-Wl,-soname,libb.so");
        NativeCode.Compile(_root.File($"{Folder}/{NativeCode.Called}"), "int b_value(void);\nint answer(void) { return b_value(); }\n", ["libb.so"], "-Wl,-rpath,$ORIGIN");
        File.WriteAllText(_root.File("sample.deps.json"), $$$"""
            {
              "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0" },
              "targets": { ".NETCoreApp,Version=v10.0": { "sample/1.0.0": {
                "runtime": { "sample.dll": {} },
                "runtimeTargets": { "{{{Folder}}}/{{{NativeCode.Called}}}": { "rid": "linux-x64", "assetType": "native" } }
              } } },
              "libraries": { "sample/1.0.0": { "type": "project", "serviceable": false, "sha512": "" } }
            }
            """);
        if (System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64)
            Assert.Ignore("the libraries are for x64");

        var plugin = NativeCode.Load(_root);
        Assert.That(NativeCode.Answer(plugin), Is.EqualTo(41));
        Assert.That(Mapped(), Has.Exactly(2).Items);
        Unload(plugin);
    }

    [Test]
    public void A_library_that_cannot_be_told_apart_is_rejected_with_the_reason()
    {
        _root.Put();
        NativeCode.CompilePair(_root, 41, needed: "b.so");
        Assert.That(Line(), Does.StartWith("not a plugin: the native library 'b.so' cannot be told apart from another plugin's: its name needs at least 3 characters"));

        File.Delete(_root.File("b.so"));
        NativeCode.CompilePair(_root, 41, soname: false, runPath: false);
        Assert.That(Line(), Does.StartWith($"not a plugin: '{NativeCode.Called}' needs 'libb.so', but has no run path, and that library has no soname"));

        NativeCode.Compile(_root.File("mylibb.so"), "int d_value(void) { return 1; }\n", [], "-Wl,-soname,mylibb.so");
        NativeCode.Compile(_root.File(NativeCode.Called), "int b_value(void); int d_value(void);\nint answer(void) { return b_value() + d_value(); }\n", ["libb.so", "mylibb.so"], "-Wl,-rpath,$ORIGIN");
        Assert.That(Line(), Does.StartWith($"not a plugin: '{NativeCode.Called}' stores the name 'libb.so' inside another string"));
    }

    [Test]
    public void A_symbol_whose_name_is_the_end_of_a_librarys_name_stays_as_it_is()
    {
        _root.Put(1, "first");
        _root.Put(1, "second");
        foreach (var (id, answer) in new[] { ("first", 41), ("second", 42) })
        {
            NativeCode.Compile(_root.File("libb.so", id), $"int so(void) {{ return {answer}; }}\n", [], "-Wl,-soname,libb.so");
            NativeCode.Compile(_root.File(NativeCode.Called, id), "int so(void);\nint answer(void) { return so(); }\n", ["libb.so"], "-Wl,-rpath,$ORIGIN");
        }
        var (first, second) = (NativeCode.Load(_root, "first"), NativeCode.Load(_root, "second"));

        Assert.That((NativeCode.Answer(first), NativeCode.Answer(second)), Is.EqualTo((41, 42)));
        Unload(first, second);
    }

    [Test]
    public async Task A_truncated_library_is_never_mapped()
    {
        _root.Put(1);
        NativeCode.CompileAnswer(_root, 41);
        var library = _root.File(NativeCode.Called);
        var whole = await File.ReadAllBytesAsync(library);
        await File.WriteAllBytesAsync(library, whole[..(whole.Length - 100)]);

        Assert.That(Line(), Does.StartWith($"not a plugin: '{NativeCode.Called}' is incomplete: it should have at least"));
    }

    [Test]
    public void A_damaged_library_is_read_or_reported_as_damaged()
    {
        _root.Put();
        NativeCode.CompilePair(_root, 41, versioned: true);
        var whole = File.ReadAllBytes(_root.File(NativeCode.Called));
        Prop.ForAll(Gen.Choose(0, whole.Length - 1).Two().ToArbitrary(), place =>
        {
            var damaged = (byte[])whole.Clone();
            (damaged[place.Item1], damaged[place.Item2 % 64]) = ((byte)~damaged[place.Item1], (byte)~damaged[place.Item2 % 64]);
            try
            {
                DynamicSection.Read(damaged);
                DynamicSection.Read(whole.AsSpan(0, place.Item1));
            }
            catch (BadImageFormatException)
            {
                // That is how damage is reported.
            }
        }).QuickCheckThrowOnFailure();
    }

    private string Line() => Candidate.Read(_root.Folder()).Verdict.Line;

    private IEnumerable<string> Mapped() => NativeCode.Mapped().Except(_before);

    private void Unload(params LoadedPlugin[] plugins)
    {
        foreach (var plugin in plugins)
            NativeCode.CleanUp(Drop(plugin));
        Assert.That(Mapped(), Is.Empty);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IUnloadedPlugin Drop(LoadedPlugin plugin) => plugin.Unload();
}
