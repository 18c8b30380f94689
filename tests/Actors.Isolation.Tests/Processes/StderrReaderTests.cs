using System.Text;
using Actors.Isolation.Processes;

namespace Actors.Isolation.Tests.Processes;

internal sealed class StderrReaderTests
{
    [Test]
    public async Task Lines_are_read_whole_also_when_they_arrive_in_parts_and_the_last_one_has_no_end()
    {
        var text = string.Join('\n', Enumerable.Range(0, 1000).Select(line => $"line {line} – {new string('x', line % 50)}"));

        Assert.That(await ReadAsync(Encoding.UTF8.GetBytes(text)), Is.EqualTo(text.Split('\n')));
    }

    [Test]
    public async Task A_line_without_an_end_is_cut_and_the_next_one_is_read()
    {
        var lines = await ReadAsync(Encoding.UTF8.GetBytes($"{new string('x', 5_000_000)}\nnext"));

        Assert.That(lines.Select(line => line.Length), Is.EqualTo(new[] { 2000, 4 }));
    }

    private static async Task<List<string>> ReadAsync(byte[] bytes)
    {
        var lines = new List<string>();
        await StderrReader.ReadAsync(new MemoryStream(bytes), lines.Add, default);
        return lines;
    }
}
