using System.Security.Cryptography;
using Actors.Dispatch.Registry;
using Actors.Host.Daemon;
using Actors.Host.Logging;
using Actors.Host.Tests.Loading.Containment;
using Actors.Loading;
using Actors.Loading.Containment;
using Actors.Loading.Files;
using Actors.Loading.Processes;
using Actors.Loading.Signing;

namespace Actors.Host.Tests.Loading;

/// <summary>Signed, tampered and unsigned plugins in a running daemon, in its own process and in one of theirs.</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class SignedPluginTests(bool inProcesses)
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(Ed25519.KeyBytes);

    private PluginRoot _root = null!;
    private ScratchFolder _copies = null!;

    [SetUp]
    public void Open() => (_root, _copies) = (new PluginRoot(), new ScratchFolder());

    [TearDown]
    public void Close()
    {
        _root.Dispose();
        _copies.Dispose();
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_signed_plugin_serves(bool required)
    {
        _root.Put();
        Sign(Key);

        Assert.That(await LoadAsync(required), Has.Property("State").EqualTo("serving").And.Property("Signature").EqualTo("signed by acme"));
    }

    [Test]
    public async Task An_unsigned_plugin_serves_unless_a_signature_is_required()
    {
        _root.Put();

        Assert.That(await LoadAsync(required: false), Has.Property("State").EqualTo("serving").And.Property("Signature").EqualTo("unsigned"));
        Assert.That(await LoadAsync(required: true), Has.Property("State").EqualTo("refused").And.Property("Verdict").EqualTo("not trusted"), "nor does its last good version serve");
    }

    [Test]
    public async Task A_plugin_that_someone_else_signed_does_not_serve_where_a_signature_is_required()
    {
        _root.Put();
        Sign(RandomNumberGenerator.GetBytes(Ed25519.KeyBytes));

        Assert.That(await LoadAsync(required: false), Has.Property("State").EqualTo("serving"));
        Assert.That((await LoadAsync(required: true)).Problems.Single(), Does.StartWith("it is signed with the key SHA256:"));
    }

    [Test]
    public async Task A_plugin_that_was_changed_after_it_was_signed_is_never_served_and_runs_no_code()
    {
        _root.Put(actors: "unborn");
        Sign(Key);
        _root.Put(build: 2, actors: "unborn");

        var status = await LoadAsync(required: false);

        Assert.That((status.State, status.Signature, status.Verdict), Is.EqualTo(("refused", "tampered", "not trusted")));
        Assert.That(status.Problems, Is.EqualTo(new[] { "plugin.yaml", "sample.dll" }.Select(name => $"'{name}' was changed after it was signed; get the plugin again from its source, or sign it again")),
            "its constructor would have thrown");
    }

    [Test]
    public async Task A_running_daemon_keeps_the_signed_version_when_its_folder_is_tampered_with()
    {
        _root.Put();
        Sign(Key);
        await using var catalog = Load(required: true);
        await File.WriteAllTextAsync(_root.File("added.txt"), "");

        var status = (await catalog.ReloadAsync("sample", default)).Single();

        Assert.That((status.State, status.LastGood, status.Signature), Is.EqualTo(("serving", true, "signed by acme")));
        Assert.That(status.Problems.Single(), Does.StartWith("'added.txt' was added after the plugin was signed"));
    }

    [Test]
    public async Task The_plugins_that_ship_serve_without_a_signature()
    {
        _root.Copy("balloon");

        Assert.That(await LoadAsync(required: true), Has.Property("State").EqualTo("serving").And.Property("Signature").EqualTo("ships with Actors"));
    }

    private void Sign(byte[] key) => File.WriteAllText(_root.File(SignatureFile.FileName), SignatureFile.Sign(PluginImage.Read(PluginListing.Of(_root.Folder())!), key));

    private async Task<PluginStatus> LoadAsync(bool required)
    {
        await using var catalog = Load(required);
        return (await catalog.StatusAsync(default)).Single();
    }

    private PluginCatalog Load(bool required) => PluginCatalog.Load(
        _root.Path, new ActorDirectory(HostOptions.StandardPolicy), PluginContainment.OnLoop(new RealServices().Services), TimeProvider.System, Log.Silent, _copies.Path,
        inProcesses ? new PluginProcessOptions(ProgramFolder.Program, PluginGrants.None) : null,
        new TrustPolicy([new TrustedKey("acme", new PublicKey(Ed25519.PublicKeyOf(Key)))], required));
}
