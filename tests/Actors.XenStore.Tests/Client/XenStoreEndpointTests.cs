namespace Actors.XenStore.Tests.Client;

public sealed class XenStoreEndpointTests
{
    [TestCase("unix:/run/socket", false)]
    [TestCase("xenbus:/dev/xen/xenbus", true)]
    public void A_printed_endpoint_can_be_parsed(string text, bool isDevice)
    {
        var endpoint = XenStoreEndpoint.Parse(text);

        Assert.That(endpoint.IsDevice, Is.EqualTo(isDevice));
        Assert.That(endpoint.ToString(), Is.EqualTo(text));
    }

    [TestCase("")]
    [TestCase("unix:")]
    [TestCase("tcp:/host")]
    [TestCase("relative")]
    public void An_invalid_endpoint_is_rejected_and_the_error_lists_the_valid_forms(string text) =>
        Assert.That(() => XenStoreEndpoint.Parse(text), Throws.InstanceOf<FormatException>().With.Message.Contains("unix:PATH"));

    [Test]
    public void XENSTORED_PATH_has_priority_even_if_the_path_does_not_exist() =>
        Assert.That(Find([("XENSTORED_PATH", "/x/socket"), ("XENSTORED_RUNDIR", "/y")], "/y/socket"), Is.EqualTo("unix:/x/socket"));

    [Test]
    public void XENSTORED_PATH_can_be_a_device() =>
        Assert.That(Find([("XENSTORED_PATH", "/dev/xen/xenbus")]), Is.EqualTo("xenbus:/dev/xen/xenbus"));

    [Test]
    public void XENSTORED_RUNDIR_replaces_the_default_folders() =>
        Assert.That(Find([("XENSTORED_RUNDIR", "/y")], "/y/socket", "/run/xenstored/socket"), Is.EqualTo("unix:/y/socket"));

    [TestCase("unix:/run/xenstored/socket", "/run/xenstored/socket", "/var/run/xenstored/socket", "/dev/xen/xenbus")]
    [TestCase("unix:/var/run/xenstored/socket", "/var/run/xenstored/socket", "/dev/xen/xenbus")]
    [TestCase("xenbus:/dev/xen/xenbus", "/dev/xen/xenbus")]
    public void The_first_existing_path_is_used(string expected, params string[] existing) =>
        Assert.That(Find([], existing), Is.EqualTo(expected));

    [Test]
    public void The_error_lists_the_searched_paths_if_no_store_exists() =>
        Assert.That(() => Find([]), Throws.InstanceOf<XenStoreConnectionException>().With.Message.Contains("/run/xenstored/socket"));

    [Test]
    public async Task A_regular_file_is_not_reported_as_a_socket_without_a_daemon()
    {
        var file = Path.GetTempFileName();
        Assert.That(
            () => XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(file)),
            Throws.InstanceOf<XenStoreConnectionException>().With.Message.Contains("a regular file, not a socket"));
        Assert.That(
            () => XenStoreClient.ConnectAsync(XenStoreEndpoint.XenBus(file)),
            Throws.InstanceOf<XenStoreConnectionException>().With.Message.Contains("a regular file, not a device"));
        Assert.That(new FileInfo(file).Length, Is.Zero, "no message may be written to a file");
        File.Delete(file);
        await Task.CompletedTask;
    }

    [Test]
    public void A_device_and_a_directory_are_not_reported_as_sockets()
    {
        Assert.That(
            () => XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket("/dev/null")),
            Throws.InstanceOf<XenStoreConnectionException>().With.Message.Contains("Use xenbus:/dev/null"));
        Assert.That(
            () => XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket("/tmp")),
            Throws.InstanceOf<XenStoreConnectionException>().With.Message.Contains("a directory, not a socket"));
    }

    private static string Find((string Name, string Value)[] variables, params string[] existing) =>
        XenStoreEndpoint.Find(
            name => variables.FirstOrDefault(variable => variable.Name == name).Value, existing.Contains).ToString();
}
