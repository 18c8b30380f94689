using Actors.Loading.Signing;

namespace Actors.Loading.Tests.Signing;

/// <summary>Keys as openssl writes them. These pairs were made with openssl 3.0.</summary>
internal sealed class KeyTextTests
{
    private const string Private = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJJbCR4nc5knllOv2tpemwRlxbWizUWM5eMBIanN/QqD\n-----END PRIVATE KEY-----\n";
    private const string Public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAv7KkOGCeUULmuB6QMKyzuaCQeKMNCzoftFzShcMzywg=\n-----END PUBLIC KEY-----\n";
    private const string Inline = "MCowBQYDK2VwAyEAv7KkOGCeUULmuB6QMKyzuaCQeKMNCzoftFzShcMzywg=";
    private const string Rsa = "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ==\n-----END PUBLIC KEY-----\n";

    [Test]
    public void The_two_keys_of_a_pair_belong_together_in_pem_and_inline()
    {
        var own = KeyText.ParsePrivate(Private).Key!;

        Assert.That(KeyText.ParsePublic(Public).Key, Is.EqualTo(new PublicKey(Ed25519.PublicKeyOf(own))));
        Assert.That(KeyText.ParsePublic(Inline).Key, Is.EqualTo(KeyText.ParsePublic(Public).Key));
        Assert.That(KeyText.Of(KeyText.ParsePublic(Public).Key!), Is.EqualTo(Inline));
    }

    [TestCase(Private, "this is a private key; give the public one")]
    [TestCase("", "expected an Ed25519 public key")]
    [TestCase(Rsa, "expected an Ed25519 public key")]
    [TestCase("MCowBQYDK2VwAyEA", "expected an Ed25519 public key")]
    public void Anything_else_is_no_public_key_and_the_message_says_what_to_give(string text, string error) =>
        Assert.That(KeyText.ParsePublic(text).Error, Does.StartWith(error));

    [TestCase(Public, "expected an Ed25519 private key")]
    [TestCase("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGb\n-----END ENCRYPTED PRIVATE KEY-----\n", "the key is encrypted; decrypt it")]
    public void Anything_else_is_no_private_key(string text, string error) =>
        Assert.That(KeyText.ParsePrivate(text).Error, Does.StartWith(error));
}
