namespace Actors.Isolation.Processes;

/// <summary>The first and the last lines that a process wrote to stderr.</summary>
internal sealed class LastLines
{
    // A stack overflow prints its kind first and then thousands of frames.
    private const int First = 16, Last = 34, MaxLength = 1000;

    private readonly Lock _gate = new();
    private readonly List<string> _first = [];
    private readonly Queue<string> _last = new();

    public IReadOnlyList<string> All
    {
        get
        {
            lock (_gate)
                return [.. _first, .. _last];
        }
    }

    public void Add(string line)
    {
        var cut = line.Length > MaxLength ? line[..MaxLength] : line;
        lock (_gate)
        {
            if (_first.Count < First)
            {
                _first.Add(cut);
                return;
            }
            _last.Enqueue(cut);
            if (_last.Count > Last)
                _last.Dequeue();
        }
    }
}
