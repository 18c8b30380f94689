namespace Actors.Loading.Markers;

/// <summary>
/// Records what foreign code works in the daemon's process before it does, so that whatever killed the daemon twice in a row is left out at
/// the third start. A normal stop clears the record, but not what is left out.
/// </summary>
internal sealed class WorkMarkers : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<WorkMarker> _markers = [];
    private readonly Action<string> _warn;
    private MarkerFile? _file;
    private WorkMarker? _newest;

    private WorkMarkers(Action<string> warn) => _warn = warn;

    /// <summary>Records only in memory, for the reports of this process.</summary>
    public static WorkMarkers InMemory() => new(_ => { });

    /// <summary>Opens the record.</summary>
    /// <param name="path">Its file. Without one that can be written, the record is kept in memory only.</param>
    /// <param name="warn">Receives what is wrong with the file.</param>
    /// <param name="report">Receives what the daemon before died of: the plugin and a text.</param>
    public static WorkMarkers Open(string path, Action<string> warn, Action<string, string> report)
    {
        var markers = new WorkMarkers(warn);
        markers.Try(() =>
        {
            var (before, died) = MarkerFile.Read(path);
            markers._markers.AddRange(MarkerRules.AtStart(before, died));
            foreach (var (plugin, text) in MarkerRules.Reports(before, died))
                report(plugin, text);
            markers._file = MarkerFile.Create(path, markers._markers);
        });
        return markers;
    }

    /// <summary>What is left out, as the file of a daemon says that runs or has run.</summary>
    public static IReadOnlyList<WorkMarker> LeftOutIn(string path) => [.. MarkerFile.Read(path).Markers.Where(marker => marker.IsLeftOut)];

    /// <summary>Why a version of a plugin is left out; <see langword="null"/> if it is not.</summary>
    public string? LeftOut(string plugin, string hash)
    {
        lock (_gate)
            return _markers.FirstOrDefault(marker => marker.IsLeftOut && marker.Plugin == plugin && marker.Hash == hash) is { } marker ? MarkerRules.LeftOut(marker) : null;
    }

    /// <summary>Gives a plugin another chance.</summary>
    public void Forget(string plugin) => ForgetOthers(plugin, "");

    /// <summary>Forgets the versions of a plugin that are no longer in its folder.</summary>
    public void ForgetOthers(string plugin, string hash)
    {
        lock (_gate)
        {
            for (var place = 0; place < _markers.Count; place++)
            {
                if (_markers[place].Plugin == plugin && _markers[place].Hash != hash && _markers[place].Deaths > 0)
                    Set(place, _markers[place] with { Deaths = 0 });
            }
        }
    }

    /// <summary>Records that something begins. Dispose of the result when it has ended.</summary>
    public IDisposable Begin(WorkKind kind, string plugin, string hash)
    {
        lock (_gate)
        {
            var place = _markers.FindIndex(marker => marker.Kind == kind && marker.Plugin == plugin && (marker.Hash == hash || (marker.Active == 0 && !marker.IsLeftOut)));
            if (place < 0)
            {
                place = _markers.Count;
                _markers.Add(new WorkMarker(kind, plugin, hash, 0, 0));
            }
            var marker = _markers[place];
            marker = marker with { Hash = hash, Active = marker.Active + 1, Deaths = marker.Hash == hash ? marker.Deaths : 0 };
            // Further calls of the same kind change nothing that the next daemon would need to know.
            Set(place, marker, writes: marker.Active == 1);
            _newest = marker;
            return new Ending(this, place);
        }
    }

    /// <summary>What is in progress, and what began last, as the end of a sentence.</summary>
    public string Describe()
    {
        lock (_gate)
        {
            var active = _markers.Where(marker => marker.Active > 0).Select(marker => marker.Description).ToList();
            return active.Count > 0 ? $"in progress: {string.Join(", ", active)}"
                : _newest is { } newest ? $"no plugin's code is known to run; the last to do so: {newest.Description}"
                : "no plugin's code has run in the daemon's process";
        }
    }

    /// <summary>A stop was requested: whatever is in progress from now on has not killed the daemon.</summary>
    public void Clear() => Try(() =>
    {
        lock (_gate)
        {
            if (_file is not { } file)
                return;
            _file = null;
            for (var place = 0; place < _markers.Count; place++)
            {
                if (!_markers[place].IsLeftOut)
                    file.Write(place, (_markers[place] with { Active = 0, Deaths = 0 }).ToLine());
            }
            if (_markers.Any(marker => marker.IsLeftOut))
                file.Dispose();
            else
                file.Remove();
        }
    });

    public void Dispose() => Clear();

    private void End(int place)
    {
        lock (_gate)
        {
            var marker = _markers[place] with { Active = _markers[place].Active - 1 };
            Set(place, marker, writes: marker.Active == 0);
        }
    }

    private void Set(int place, WorkMarker marker, bool writes = true)
    {
        _markers[place] = marker;
        if (writes && _file is { } file)
            Try(() => file.Write(place, marker.ToLine()));
    }

    // Without the file, the daemon does its work all the same.
    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _warn($"it cannot be recorded which plugins work in the daemon's process: {error.Message}");
            _file?.Dispose();
            _file = null;
        }
    }

    private sealed class Ending(WorkMarkers markers, int place) : IDisposable
    {
        private WorkMarkers? _markers = markers;

        public void Dispose() => Interlocked.Exchange(ref _markers, null)?.End(place);
    }
}
