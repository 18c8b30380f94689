using System.Text;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Tests.Protocol;

public sealed class FormatTests
{
    [TestCase("n0\0", "n0")]
    [TestCase("n0\0r7\0", "n0,r7")]
    [TestCase("b3\0w4\0n32751\0", "b3,w4,n32751")]
    public void Permissions_are_parsed_and_formatted(string payload, string permissions)
    {
        Assert.That(PermissionFormat.TryParse(Encoding.ASCII.GetBytes(payload), out var read), Is.True);
        Assert.That(read.ToString(), Is.EqualTo(permissions));
        Assert.That(PermissionFormat.ToBytes(read), Is.EqualTo(Encoding.ASCII.GetBytes(payload)));
    }

    [TestCase("")]
    [TestCase("\0")]
    [TestCase("n0")]
    [TestCase("x0\0")]
    [TestCase("n\0")]
    [TestCase("n1x\0")]
    [TestCase("n99999999999\0")]
    [TestCase("n0\0r7")]
    public void Malformed_permissions_are_rejected(string payload) =>
        Assert.That(PermissionFormat.TryParse(Encoding.ASCII.GetBytes(payload), out _), Is.False);

    [Test]
    public void Every_known_error_has_a_name_that_maps_back_to_it()
    {
        foreach (var error in Enum.GetValues<XenStoreError>().Where(error => error != XenStoreError.Other))
            Assert.That(ErrorNames.FromName(ErrorNames.NameOf(error)), Is.EqualTo(error));
        Assert.That(ErrorNames.FromName("ENEW"), Is.EqualTo(XenStoreError.Other));
    }

    [TestCase("/local/domain/7/name", "/local/domain/7", "name")]
    [TestCase("/a", "/", "a")]
    [TestCase("/", "/", "")]
    public void A_path_has_a_parent_and_a_name(string path, string parent, string name)
    {
        Assert.That(PathRules.Parent(path).ToString(), Is.EqualTo(parent));
        Assert.That(PathRules.Name(path).ToString(), Is.EqualTo(name));
    }
}
