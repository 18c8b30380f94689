using System.Text;
using Actors.Dispatch.Registry;

namespace Actors.Fuzz.Targets;

/// <summary>The actor key: either a key that reads back as itself, or an error that is fit for a terminal.</summary>
internal sealed class ActorKeyTarget : IFuzzTarget
{
    public string Name => "actor-key";

    public IReadOnlyList<byte[]> Seeds { get; } = [.. new[] { "xl", "xl:balloon", "tmem:cap=64MiB,weight=10", "squeezed", "" }.Select(Encoding.UTF8.GetBytes)];

    public IReadOnlyList<byte[]> Tokens { get; } = [.. new[] { "xl", ":", "xl:", "::", " ", "\0", "\u001b[2J", "\u202e", "_", "." }.Select(Encoding.UTF8.GetBytes)];

    public int Run(byte[] input)
    {
        var (key, error) = ActorKey.Parse(Encoding.UTF8.GetString(input));
        if (key is null == error is null)
            throw new InvalidOperationException("There must be either a key or an error.");
        if (key is not null && ActorKey.Parse(key.ToString()).Key != key)
            throw new InvalidOperationException($"'{key}' reads back as another key.");
        if (error?.Any(char.IsControl) == true)
            throw new InvalidOperationException("The error has a control character.");
        return key is null ? error!.Length : HashCode.Combine(key.IsXl, key.Name.Length, key.Argument.Length);
    }
}
