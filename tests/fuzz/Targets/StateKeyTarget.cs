using System.Text;
using Actors.Dispatch.State;

namespace Actors.Fuzz.Targets;

/// <summary>The state key. What is parsed and written again is parsed as the same state, and it fits into one message.</summary>
internal sealed class StateKeyTarget : IFuzzTarget
{
    // A message has 4096 bytes of payload, and the path needs some of them.
    private const int MaxBytes = 4000;

    public string Name => "state-key";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Bytes("outcome=reached actor=paging step=2 target=524288 footprint=524288 since=2026-11-26T10:00:00.000Z serial=7 via=xl engaged=balloon,paging reason=\"from 1 GiB\""),
        Bytes("outcome=short actor=- step=0 target=- footprint=- since=2026-11-26T10:00:00.000Z serial=1 via=tmem:cap=64MiB,weight=10 engaged=- reason=\"a \\\"b\\\" \\\\\""),
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
        [.. new[] { " ", "-", "\"", "\\", "\\\"", "%20", "%25", ",", "€", "\n", "999999999999999999", "via=", "engaged=", "reason=\"" }.Select(Bytes)];

    public int Run(byte[] input)
    {
        if (StateKey.Parse(Encoding.UTF8.GetString(input)) is not { } state)
            return 0;
        var written = state.ToString();
        if (Encoding.UTF8.GetByteCount(written) > MaxBytes)
            throw new InvalidOperationException($"{Encoding.UTF8.GetByteCount(written)} bytes: {written}");
        var again = StateKey.Parse(written) ?? throw new InvalidOperationException($"Not parsed again: {written}");
        if (again.ToString() != written)
            throw new InvalidOperationException($"{written}\nbecomes\n{again}");
        return HashCode.Combine(state.Target is null, state.Footprint is null, state.Via.Length, state.Engaged.Count, int.Log2(state.Reason.Length + 1));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
