namespace Actors.XenStore.Tests.Client;

public sealed class XenStoreEndpointTests
{
    [TestCase("unix:/run/socket", false)]
    [TestCase("xenbus:/dev/xen/xenbus", true)]
    public void What_is_printed_can_be_parsed(string text, bool isDevice)
    {
        var endpoint = XenStoreEndpoint.Parse(text);

        Assert.That(endpoint.IsDevice, Is.EqualTo(isDevice));
        Assert.That(endpoint.ToString(), Is.EqualTo(text));
    }

    [TestCase("")]
    [TestCase("unix:")]
    [TestCase("tcp:/host")]
    [TestCase("relative")]
    public void What_names_no_store_is_refused_with_the_forms_that_do(string text) =>
        Assert.That(() => XenStoreEndpoint.Parse(text), Throws.InstanceOf<FormatException>().With.Message.Contains("unix:PATH"));

    [Test]
    public void XENSTORED_PATH_comes_first_even_if_nothing_is_there() =>
        Assert.That(Find([("XENSTORED_PATH", "/x/socket"), ("XENSTORED_RUNDIR", "/y")], "/y/socket"), Is.EqualTo("unix:/x/socket"));

    [Test]
    public void XENSTORED_PATH_can_be_a_device() =>
        Assert.That(Find([("XENSTORED_PATH", "/dev/xen/xenbus")]), Is.EqualTo("xenbus:/dev/xen/xenbus"));

    [Test]
    public void XENSTORED_RUNDIR_takes_the_place_of_the_usual_folders() =>
        Assert.That(Find([("XENSTORED_RUNDIR", "/y")], "/y/socket", "/run/xenstored/socket"), Is.EqualTo("unix:/y/socket"));

    [TestCase("unix:/run/xenstored/socket", "/run/xenstored/socket", "/var/run/xenstored/socket", "/dev/xen/xenbus")]
    [TestCase("unix:/var/run/xenstored/socket", "/var/run/xenstored/socket", "/dev/xen/xenbus")]
    [TestCase("xenbus:/dev/xen/xenbus", "/dev/xen/xenbus")]
    public void The_first_place_that_exists_is_taken(string expected, params string[] existing) =>
        Assert.That(Find([], existing), Is.EqualTo(expected));

    [Test]
    public void Where_it_looked_is_said_when_there_is_nothing() =>
        Assert.That(() => Find([]), Throws.InstanceOf<XenStoreConnectionException>().With.Message.Contains("/run/xenstored/socket"));

    private static string Find((string Name, string Value)[] variables, params string[] existing) =>
        XenStoreEndpoint.Find(
            name => variables.FirstOrDefault(variable => variable.Name == name).Value, existing.Contains).ToString();
}
