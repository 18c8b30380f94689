using System.Diagnostics;
using System.Text.RegularExpressions;
using Actors.Host.Tests.Loading;

namespace Actors.Host.Tests.CommandLine;

/// <summary>The commands in docs/plugins.md for signatures, as they are written there.</summary>
internal sealed partial class SigningCommandsTests
{
    private PluginRoot _root = null!;

    [SetUp]
    public void Open() => _root = new PluginRoot();

    [TearDown]
    public void Close() => _root.Dispose();

    [Test]
    public async Task A_vendor_signs_and_an_operator_verifies_as_the_page_says()
    {
        _root.Put(id: "acme");
        var page = await File.ReadAllTextAsync(ProgramFolder.InDocs("plugins.md"));
        var block = Block().Match(page).Groups["text"].Value;

        var (exitCode, output) = await RunAsync(block);

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Match("acme: signed by SHA256:[A-Za-z0-9+/]{43}\nacme: signed by acme.pub\n"));
    }

    [Test]
    public async Task Each_thing_that_is_wrong_ends_with_3_and_says_what_it_is()
    {
        _root.Put(id: "acme");
        var (exitCode, output) = await RunAsync("""
            openssl genpkey -algorithm ed25519 -out acme.key
            openssl pkey -in acme.key -pubout -out acme.pub
            openssl genpkey -algorithm ed25519 | openssl pkey -pubout -out other.pub
            printf 'trust: { keys: { the vendor: acme.pub } }\n' > actors.yaml
            try() { "$@" || echo "exit $?"; }
            try actors plugin verify acme --key acme.pub
            try actors plugin sign acme --key acme.pub
            actors plugin sign acme --key acme.key > /dev/null
            try actors plugin verify acme --config actors.yaml
            try actors plugin verify acme --key other.pub
            try actors plugin verify acme --key acme.key
            echo > acme/added.txt
            try actors plugin verify acme --key acme.pub
            try actors plugin validate acme
            rm acme/added.txt acme/YamlDotNet.dll
            try actors plugin verify acme --key acme.pub --json
            """);

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(Fingerprint().Replace(output, "PRINT").Replace(_root.Path, "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[]
        {
            "acme: unsigned",
            "exit 3",
            "actors: acme.pub: expected an Ed25519 private key, as 'openssl genpkey -algorithm ed25519' writes it",
            "exit 3",
            "acme: signed by the vendor",
            "acme: signed by an unknown key, PRINT",
            "exit 3",
            "actors: acme.key: this is a private key; give the public one ('openssl pkey -in KEY -pubout')",
            "exit 3",
            "acme: tampered",
            "acme: 'added.txt' was added after the plugin was signed; remove it, or sign the plugin again",
            "exit 3",
            "/acme: acme 1.0: not trusted: 'added.txt' was added after the plugin was signed; remove it, or sign the plugin again",
            "exit 3",
            """{"folder":"acme","signature":"tampered","state":"tampered","signer":"","problems":["'YamlDotNet.dll' was signed and is missing; get the plugin again from its source, or sign it again"]}""",
            "exit 3",
        }));
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string script)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", $"exec 2>&1\n{script}"])
        {
            WorkingDirectory = _root.Path,
            RedirectStandardOutput = true,
            Environment = { ["PATH"] = $"{ProgramFolder.Root}:{Environment.GetEnvironmentVariable("PATH")}" },
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    [GeneratedRegex(@"^## Signatures$.*?^```sh\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("SHA256:[A-Za-z0-9+/]{43}")]
    private static partial Regex Fingerprint();
}
