using System.Security.Cryptography;
using System.Text;
using Actors.Loading.Files;
using Actors.Loading.Signing;

namespace Actors.Loading.Tests.Signing;

/// <summary>Who signed a plugin, and every change that is found afterwards.</summary>
internal sealed class PluginSignatureTests
{
    private static readonly byte[] OwnKey = RandomNumberGenerator.GetBytes(Ed25519.KeyBytes);
    private static readonly TrustPolicy Own = new([new TrustedKey("acme", new PublicKey(Ed25519.PublicKeyOf(OwnKey)))], Required: true);

    private PluginFolder _plugin = null!;

    [SetUp]
    public void Open() => _plugin = new PluginFolder();

    [TearDown]
    public void Close() => _plugin.Dispose();

    // RFC 8032, section 7.1, tests 1 and 3.
    [TestCase("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [TestCase("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void Signatures_are_those_of_the_standard(string privateKey, string publicKey, string message, string signature)
    {
        var (own, text) = (Convert.FromHexString(privateKey), Convert.FromHexString(message));

        Assert.That(Convert.ToHexStringLower(Ed25519.PublicKeyOf(own)), Is.EqualTo(publicKey));
        Assert.That(Convert.ToHexStringLower(Ed25519.Sign(own, text)), Is.EqualTo(signature));
        Assert.That(Ed25519.Verify(Convert.FromHexString(publicKey), text, Convert.FromHexString(signature)), Is.True);
        Assert.That(Ed25519.Verify(Convert.FromHexString(publicKey), [.. text, 0], Convert.FromHexString(signature)), Is.False);
    }

    [Test]
    public void A_plugin_without_the_file_is_unsigned()
    {
        Assert.That(Read().Text, Is.EqualTo("unsigned"));
        Assert.That(Read().Refusals(TrustPolicy.None, ships: false), Is.Empty);
        Assert.That(Read().Refusals(Own, ships: false).Single(), Does.StartWith("it is not signed, and actors.yaml requires a signature"));
        Assert.That(Read().Refusals(Own, ships: true), Is.Empty);
    }

    [Test]
    public void A_signed_plugin_names_the_key_and_may_be_signed_again()
    {
        Sign();
        Sign();

        Assert.That(Read().Text, Is.EqualTo("signed by acme"));
        Assert.That(Read().Refusals(Own, ships: false), Is.Empty);
    }

    [Test]
    public void A_key_that_nobody_named_is_shown_and_does_not_count_as_a_signature()
    {
        _plugin.Write(SignatureFile.FileName, Text(RandomNumberGenerator.GetBytes(Ed25519.KeyBytes)));

        var signature = Read();

        Assert.That(signature.Text, Does.StartWith("signed by an unknown key, SHA256:"));
        Assert.That(signature.Refusals(TrustPolicy.None, ships: false), Is.Empty);
        Assert.That(signature.Refusals(Own, ships: false).Single(), Does.Contain("which 'trust' in actors.yaml does not name"));
    }

    [Test]
    public void Every_file_that_was_changed_removed_or_added_is_named()
    {
        _plugin.Write("data/table.txt", [1]);
        Sign();
        _plugin.Write("acme.dll", [.. AssemblyFile.WithActor(), 0]);
        _plugin.Write("lib/other.so", [2]);
        _plugin.Manifest(more: "network: true\n");
        _plugin.Delete("data/table.txt");

        var signature = Read();

        Assert.That(signature.Text, Is.EqualTo("tampered"));
        Assert.That(signature.Problems.Select(problem => problem.Split(';')[0]), Is.EqualTo(new[]
        {
            "'acme.dll' was changed after it was signed",
            "'data/table.txt' was signed and is missing",
            "'plugin.yaml' was changed after it was signed",
            "'lib/other.so' was added after the plugin was signed",
        }));
        Assert.That(signature.Refusals(TrustPolicy.None, ships: false), Is.EqualTo(signature.Problems), "whatever the operator requires");
        Assert.That(signature.Refusals(TrustPolicy.None, ships: true), Is.EqualTo(signature.Problems));
    }

    [Test]
    public void A_change_anywhere_in_the_signature_makes_the_plugin_tampered()
    {
        var good = Text(OwnKey);
        for (var at = 0; at < good.Length; at++)
        {
            var bad = (byte[])good.Clone();
            bad[at] ^= 1;
            _plugin.Write(SignatureFile.FileName, bad);
            Assert.That(Read().State, Is.EqualTo(SignatureState.Tampered), Encoding.UTF8.GetString(bad));
        }
        foreach (var bad in new[] { good[..^1], [.. good, (byte)'\n'], good[40..], [], [.. good, .. good] })
        {
            _plugin.Write(SignatureFile.FileName, bad);
            Assert.That(Read().State, Is.EqualTo(SignatureState.Tampered), Encoding.UTF8.GetString(bad));
        }
    }

    [Test]
    public void Another_key_under_a_foreign_signature_does_not_verify()
    {
        var other = KeyText.Of(new PublicKey(Ed25519.PublicKeyOf(RandomNumberGenerator.GetBytes(Ed25519.KeyBytes))));
        _plugin.Write(SignatureFile.FileName, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Text(OwnKey)).Replace(KeyText.Of(Own.Keys[0].Key), other, StringComparison.Ordinal)));

        Assert.That(Read().Problems.Single(), Does.Contain("does not belong to its list of files"));
    }

    [Test]
    public void Only_the_plugins_whose_files_are_all_listed_ship_with_the_program()
    {
        var list = Path.Combine(_plugin.Path, "..", Path.GetRandomFileName());
        File.WriteAllLines(list, [$"{_plugin.Hash("acme.dll").ToUpperInvariant()}  acme/acme.dll", $"{_plugin.Hash("plugin.yaml")}  acme/plugin.yaml"]);
        var shipped = ShippedFiles.Read(list)!;
        File.Delete(list);

        Assert.That(shipped.Contains("acme", Image()), Is.True);
        Assert.That(shipped.Contains("balloon", Image()), Is.False, "the same files under another id");
        _plugin.Write("acme.pdb", [1]);
        Sign();
        Assert.That(shipped.Contains("acme", Image()), Is.True, "symbols and a signature do not matter");
        _plugin.Write("more.dll", [1]);
        Assert.That(shipped.Contains("acme", Image()), Is.False);
        Assert.That(ShippedFiles.Read(list), Is.Null);
    }

    private PluginImage Image() => PluginImage.Read(PluginListing.Of(_plugin.Path)!);

    private PluginSignature Read() => PluginSignature.Of(Image(), Own);

    private byte[] Text(byte[] key) => Encoding.UTF8.GetBytes(SignatureFile.Sign(Image(), key));

    private void Sign() => _plugin.Write(SignatureFile.FileName, Text(OwnKey));
}
