using Actors.XenStore.Protocol;

namespace Actors.Peers.Lockstep;

/// <summary>Generates requests with few names, so that they collide, and sometimes a malformed or too long one.</summary>
internal sealed class StepSource(int seed, IReadOnlyList<int> domids)
{
    private const int MaxTransactions = 3;
    private static readonly string[] Names = ["a", "b", "c", "dd"];
    private static readonly string[] Strange = ["/", "/r//a", "/r/a/", "/r/a:b", "/r", "a", "b/c", "@introduceDomain", "@other", "/local/domain/0", "/local/domain/7/a"];
    private static readonly string[] Special = ["@introduceDomain", "@releaseDomain"];
    private readonly Random _random = new(seed);
    private readonly int[] _open = new int[domids.Count];

    public Step Next()
    {
        var connection = _random.Next(domids.Count);
        var transaction = _open[connection] > 0 && _random.Next(3) > 0 ? _random.Next(_open[connection]) : -1;
        return _random.Next(100) switch
        {
            < 16 => New(MessageType.Read, $"{Path()}\0"),
            < 36 => New(MessageType.Write, $"{Path()}\0{Value()}"),
            < 43 => New(MessageType.MakeDirectory, $"{Path()}\0"),
            < 52 => New(MessageType.Remove, $"{Path()}\0"),
            < 59 => New(MessageType.Directory, $"{Path()}\0"),
            < 61 => New(MessageType.DirectoryPart, $"{Path()}\0{_random.Next(12)}\0"),
            < 65 => New(MessageType.GetPermissions, $"{Path()}\0"),
            < 72 => New(MessageType.SetPermissions, $"{NodePath()}\0{Permissions()}"),
            < 77 => New(MessageType.Watch, $"{WatchPath()}\0t{_random.Next(3)}\0") with { Transaction = -1 },
            < 80 => New(MessageType.Unwatch, $"{WatchPath()}\0t{_random.Next(3)}\0") with { Transaction = -1 },
            < 86 => Begin(),
            < 94 => End(),
            < 96 => Domain(),
            < 97 => New(MessageType.GetDomainPath, $"{_random.Next(10)}\0") with { Transaction = -1 },
            < 98 => New(MessageType.ResetWatches, "\0") with { Transaction = -1 },
            < 99 => New((MessageType)_random.Next(20, 30), $"{Path()}\0") with { Transaction = -1 },
            _ => New(MessageType.Unwatch, Malformed()) with { Transaction = -1 },
        };

        Step New(MessageType type, string payload) =>
            type is (MessageType)21 or (MessageType)22 && !payload.Contains('\0', StringComparison.Ordinal)
                ? new Step(connection, MessageType.ResetWatches, "\0", -1)
                : new Step(connection, type, payload, transaction);

        Step Begin()
        {
            if (_open[connection] >= MaxTransactions)
                return End();
            _open[connection]++;
            return new Step(connection, MessageType.TransactionStart, "\0", -1);
        }

        Step End()
        {
            if (_open[connection] == 0)
                return new Step(connection, MessageType.Read, $"{Path()}\0", -1);
            _open[connection]--;
            return new Step(connection, MessageType.TransactionEnd, _random.Next(4) == 0 ? "F\0" : "T\0", _random.Next(_open[connection] + 1));
        }

        Step Domain()
        {
            var domid = 9 + _random.Next(2);
            return _random.Next(7) switch
            {
                0 or 1 => new Step(connection, MessageType.Introduce, $"{domid}\01\015\0", -1),
                2 => new Step(connection, MessageType.Release, $"{domid}\0", -1),
                3 => new Step(connection, MessageType.IsDomainIntroduced, $"{_random.Next(12)}\0", -1),
                4 => new Step(connection, MessageType.Resume, $"{domid}\0", -1),
                // xenstored does not release a domain that is the target of another one, so the target is never one of the released domains.
                _ => new Step(connection, MessageType.SetTarget, $"{7 + _random.Next(4)}\0{7 + _random.Next(2)}\0", -1),
            };
        }
    }

    /// <summary>Both stores have closed all transactions of a connection.</summary>
    public void Reset(int connection) => _open[connection] = 0;

    private string Path() => _random.Next(25) == 0 ? Strange[_random.Next(Strange.Length)] : NodePath();

    private string NodePath()
    {
        var names = Enumerable.Range(0, 1 + _random.Next(4)).Select(_ => Names[_random.Next(Names.Length)]);
        return (_random.Next(12) == 0 ? "" : "/r/") + string.Join('/', names);
    }

    private string WatchPath() => _random.Next(6) == 0 ? Special[_random.Next(2)] : _random.Next(8) == 0 ? "/" : Path();

    private string Value()
    {
        var value = new byte[_random.Next(60) == 0 ? _random.Next(4000) : _random.Next(8)];
        _random.NextBytes(value);
        return System.Text.Encoding.Latin1.GetString(value);
    }

    private string Permissions() => string.Concat(Enumerable.Range(0, 1 + _random.Next(3)).Select(_ =>
        $"{"nrwb"[_random.Next(4)]}{(_random.Next(15) == 0 ? 9 : domids[_random.Next(domids.Count)])}\0"));

    private string Malformed() => _random.Next(4) switch
    {
        0 => "/r/a",
        1 => "/r/a\0t0",
        2 => "/r/a\0t0\0x\0",
        _ => "\0",
    };
}
