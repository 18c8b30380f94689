namespace Actors.Fuzz;

/// <summary>Changes inputs at random: bits, bytes, boundary values, pieces, tokens of the grammar, and parts of other inputs.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> tokens)
{
    private const int MaxLength = 16 * 1024;
    private static readonly uint[] Boundaries = [0, 1, 15, 16, 127, 128, 255, 256, 2047, 2048, 4095, 4096, 4097, 65535, 65536, int.MaxValue, 0x80000000, uint.MaxValue];

    public byte[] Mutate(byte[] input, byte[] other)
    {
        var bytes = input.ToList();
        for (var left = 1 + random.Next(4); left > 0; left--)
            MutateOnce(bytes, other);
        return bytes.Count <= MaxLength ? [.. bytes] : [.. bytes.Take(MaxLength)];
    }

    private void MutateOnce(List<byte> bytes, byte[] other)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(1 + random.Next(32), bytes.Count - at);
        switch (random.Next(8))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2 when length >= sizeof(uint):
                var value = BitConverter.GetBytes(Boundaries[random.Next(Boundaries.Length)]);
                for (var i = 0; i < sizeof(uint); i++)
                    bytes[at + i] = value[i];
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 5 when tokens.Count > 0:
                bytes.InsertRange(at, tokens[random.Next(tokens.Count)]);
                break;
            case 6:
                var from = random.Next(other.Length + 1);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(other.Length - from, 64)).ToArray());
                break;
            default:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }
}
