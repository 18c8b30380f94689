using Actors.Dispatch.Files;

namespace Actors.Loading.Tests.Files;

internal sealed class PermissionsTests
{
    private const uint User = 1000;

    [TestCase(0u, 0u, "rwxr-xr-x", null)]
    [TestCase(1000u, 1000u, "rwxrwxr-x", null)]
    [TestCase(1000u, 0u, "rwxrwxr-x", null)]
    [TestCase(0u, 1000u, "rwxrwxr-x", "can be written by others: chmod go-w '/p/it'")]
    [TestCase(1000u, 50u, "rwxrwxr-x", "can be written by others: chmod go-w '/p/it'")]
    [TestCase(1000u, 1000u, "rwxr-xrwx", "can be written by others: chmod go-w '/p/it'")]
    [TestCase(1001u, 1001u, "rwxr-xr-x", "belongs to user 1001, who could put any code into this host: chown 1000 '/p/it'")]
    public void A_file_is_trusted_when_nobody_else_may_write_it(uint owner, uint group, string mode, string? problem)
    {
        var problems = Permissions.Problems("/p", [File("it", owner, group, mode)], User);

        Assert.That(problems, problem is null ? Is.Empty : Has.One.EndsWith(problem));
    }

    [Test]
    public void Several_files_are_fixed_by_one_command() =>
        Assert.That(Permissions.Problems("/p", [File("", 0, 0, "rwxrwxrwx"), File("a", 0, 0, "rwxrwxrwx")], User), Is.EqualTo(
            new[] { "'/p' (and 1 more) can be written by others: chmod -R go-w '/p'" }));

    private static ListedFile File(string name, uint owner, uint group, string mode) => new(name, new FileStat(
        FileKind.File, owner, group, (UnixFileMode)mode.Aggregate(0, (bits, letter) => (bits << 1) | (letter == '-' ? 0 : 1)), 1, 1, default, default));
}
