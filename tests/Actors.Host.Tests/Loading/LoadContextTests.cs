using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Actors.Loading.Compatibility;
using Actors.Loading.LoadContexts;
using Actors.Loading.Reload;
using Actors.Sdk;

namespace Actors.Host.Tests.Loading;

/// <summary>What a plugin's load context takes from where.</summary>
internal sealed class LoadContextTests
{
    private PluginRoot _root = null!;

    [SetUp]
    public void Open() => _root = new PluginRoot();

    [TearDown]
    public void Close() => _root.Dispose();

    [Test]
    public void The_contract_is_the_hosts_even_when_a_plugin_ships_one_and_a_dependency_is_the_plugins()
    {
        _root.Put();
        File.Copy(typeof(IActor).Assembly.Location, _root.File("Actors.Sdk.dll"));
        var plugin = NativeCode.Load(_root);

        Assert.That(NativeCode.Call(plugin, "Contract"), Is.SameAs(typeof(IActor).Assembly));
        Assert.That(NativeCode.Call(plugin, "Dependency"), Is.EqualTo("15.0.0.0"));
        NativeCode.CleanUp(Drop(plugin));
    }

    [Test]
    public void A_dependency_that_is_first_used_when_the_plugins_folder_is_gone_is_still_found()
    {
        _root.Put();
        var plugin = NativeCode.Load(_root);
        Directory.Delete(_root.Folder(), recursive: true);

        Assert.That(NativeCode.Call(plugin, "Dependency"), Is.EqualTo("15.0.0.0"));
        NativeCode.CleanUp(Drop(plugin));
    }

    [Test]
    public void The_private_copy_lives_until_the_code_is_gone_from_memory()
    {
        _root.Put();
        var before = NativeCode.PrivateCopies();
        var unloaded = UnloadWhileInUse(_root, () => Assert.That(NativeCode.PrivateCopies().Except(before), Has.Exactly(1).Items));

        NativeCode.CleanUp(unloaded);
        Assert.That(NativeCode.PrivateCopies().Except(before), Is.Empty);
    }

    [Test]
    public void No_assembly_of_a_plugin_is_mapped_or_kept_open()
    {
        _root.Put();
        var before = NativeCode.Mapped();
        var plugin = NativeCode.Load(_root);
        NativeCode.Call(plugin, "Dependency");

        Assert.That(NativeCode.Mapped().Except(before), Is.Empty);
        Assert.That(Directory.GetFiles("/proc/self/fd").Select(link => File.ResolveLinkTarget(link, false)?.FullName), Has.None.Contains("actors-plugin-"));
        NativeCode.CleanUp(Drop(plugin));
    }

    [Test]
    public void A_plugin_that_cannot_be_created_leaves_no_context_and_no_files()
    {
        _root.Put(actors: "unborn");
        var (copies, contexts) = (NativeCode.PrivateCopies(), AssemblyLoadContext.All.Count(context => context.IsCollectible));
        Assert.That(Fail, Throws.Exception.With.Message.Contains("no licence found"));

        for (var round = 0; round < 10; round++)
            UnloadProof.Collect();
        Assert.That(AssemblyLoadContext.All.Count(context => context.IsCollectible), Is.LessThanOrEqualTo(contexts));
        Assert.That(NativeCode.PrivateCopies().Except(copies), Is.Empty);
    }

    [Test]
    public void A_dependencys_dependency_that_was_not_copied_is_reported_and_not_taken_from_the_host()
    {
        _root.Copy("paging");
        File.WriteAllBytes(_root.File("helper.dll", "paging"), PluginRoot.Dll(1));

        Assert.That(Candidate.Read(_root.Folder("paging")).Verdict.Line, Does.StartWith("not a plugin: 'helper.dll' needs 'YamlDotNet.dll', which is not in the folder"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static UnloadedPlugin UnloadWhileInUse(PluginRoot root, Action check)
    {
        var plugin = NativeCode.Load(root);
        var actor = plugin.Actors["sample"];
        var unloaded = plugin.Unload();
        UnloadProof.Collect();
        Assert.That(unloaded.IsGone, Is.False);
        check();
        GC.KeepAlive(actor);
        return unloaded;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Fail()
    {
        var found = Candidate.Read(_root.Folder());
        LoadedPlugin.Load(found.Image!, found.Manifest!, _ => { });
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static UnloadedPlugin Drop(LoadedPlugin plugin) => plugin.Unload();
}
