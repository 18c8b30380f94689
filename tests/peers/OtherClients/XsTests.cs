using Actors.Peers.Conformance;

namespace Actors.Peers.OtherClients;

/// <summary>Compares the program xs with the xenstore-* tools: the same commands must print the same on the same store.</summary>
public sealed class XsTests
{
    private StoreUnderTest _store = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _store = await StoreUnderTest.StartAsync(Store.Embedded);
        await ToolAsync("xenstore-write", "/t/a", "hello", "/t/b/c", "two words", "/t/d", "tab\\there\\x1b", "/t/long", new string('v', 50));
        await ToolAsync("xenstore-chmod", "/t/b", "n0", "r7");
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
    }

    [TestCase("read", "/t/a")]
    [TestCase("read", "/t/a", "/t/b/c", "/t/d")]
    [TestCase("read", "-p", "/t/a", "/t/d")]
    [TestCase("read", "-R", "/t/b/c")]
    [TestCase("list", "/t")]
    [TestCase("list", "-p", "/t")]
    [TestCase("list", "/t/a")]
    [TestCase("ls")]
    [TestCase("ls", "/t")]
    [TestCase("ls", "-f", "/t")]
    [TestCase("ls", "-p", "/t")]
    [TestCase("ls", "-f", "-p")]
    [TestCase("exists", "/t/a")]
    [TestCase("exists", "/t/a", "/absent")]
    [TestCase("watch", "-n", "1", "/t")]
    [TestCase("rm", "/absent")]
    public async Task It_prints_the_same_as_the_xenstore_tool(string command, params string[] arguments)
    {
        var expected = await RunToolAsync($"xenstore-{command}", arguments);
        var actual = await XsAsync([command, .. arguments]);

        Assert.That((actual.ExitCode, actual.Output), Is.EqualTo((expected.ExitCode, expected.Output)), actual.Error);
    }

    [TestCase("read", "/absent")]
    [TestCase("list", "/absent")]
    [TestCase("ls", "/absent")]
    [TestCase("rm", "/absent/below")]
    [TestCase("write", "/a b", "v")]
    public async Task A_failure_has_exit_code_1_and_names_the_path_and_the_error(params string[] arguments)
    {
        var result = await XsAsync(arguments);

        Assert.That((result.ExitCode, result.Output), Is.EqualTo((1, "")));
        Assert.That(result.Error, Does.StartWith("xs: xenstore: ").And.Contains(arguments[1]));
    }

    [TestCase]
    [TestCase("reed")]
    [TestCase("read")]
    [TestCase("read", "-z", "/t")]
    [TestCase("write", "/t/a")]
    [TestCase("chmod", "/t/a", "x7")]
    [TestCase("chmod", "/t/a", "r99999999999")]
    [TestCase("watch", "-n", "many", "/t")]
    public async Task A_wrong_command_line_has_exit_code_2_and_prints_the_usage(params string[] arguments)
    {
        var result = await XsAsync(arguments);

        Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "")));
        Assert.That(result.Error, Does.Contain("sage").Or.Contain("xs read"));
    }

    [Test]
    public async Task It_writes_changes_permissions_and_removes()
    {
        Assert.That((await XsAsync("write", "/w/a", "1", "/w/b/c", "tab\\t\\001\\x02")).ExitCode, Is.Zero);
        Assert.That(await ToolAsync("xenstore-read", "/w/a", "/w/b/c"), Is.EqualTo("1\ntab\\t\\001\\002\n"));
        Assert.That((await XsAsync("chmod", "-r", "/w", "n0", "b7")).ExitCode, Is.Zero);
        Assert.That(await ToolAsync("xenstore-ls", "-f", "-p", "/w"), Does.Contain("/w/b/c").And.Not.Contains("(n0)").And.Contains("(n0,b7)"));
        Assert.That((await XsAsync("rm", "-t", "/w/b/c")).ExitCode, Is.Zero);
        Assert.That(await ToolAsync("xenstore-list", "/w"), Is.EqualTo("a\n"));
        Assert.That((await XsAsync("rm", "/w")).ExitCode, Is.Zero);
        Assert.That((await RunToolAsync("xenstore-exists", "/w")).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Without_a_xenstore_it_has_exit_code_4()
    {
        var result = await Programs.RunAsync(
            Environment.ProcessPath!, [Path.Combine(AppContext.BaseDirectory, "xs.dll"), "ls"],
            new Dictionary<string, string> { ["XENSTORED_PATH"] = "/nowhere/socket" });

        Assert.That(result.ExitCode, Is.EqualTo(4));
        Assert.That(result.Error, Does.Contain("/nowhere/socket").And.Not.Contains("   at "));
    }

    private Task<ProgramResult> XsAsync(params string[] arguments) => Programs.RunAsync(
        Environment.ProcessPath!, [Path.Combine(AppContext.BaseDirectory, "xs.dll"), .. arguments], Variables());

    private async Task<string> ToolAsync(string program, params string[] arguments)
    {
        var result = await RunToolAsync(program, arguments);
        Assert.That(result.ExitCode, Is.Zero, $"{program}: {result.Error}");
        return result.Output;
    }

    private async Task<ProgramResult> RunToolAsync(string program, params string[] arguments)
    {
        var path = await Peers.NeedAsync(() => Task.FromResult(Programs.Find(program, Programs.XenStoreUtils)));
        return await Programs.RunAsync(path, arguments, Variables());
    }

    private Dictionary<string, string> Variables() => new() { ["XENSTORED_PATH"] = _store.SocketPath };
}
