using Actors.Sdk;

namespace Actors.Dispatch.Settings;

/// <summary>
/// All records by UUID. Those of domains that run are mirrors of their keys. Those of domains that ended stay for a successor; beyond
/// <see cref="MaxEnded"/>, the domains that ended first are dropped.
/// </summary>
internal sealed class SettingsArchive : IDisposable
{
    public const int MaxEnded = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, SettingsRecord> _records = [];
    private readonly Dictionary<Guid, int> _running = [];
    private readonly SettingsFile? _file;
    private readonly TimeProvider _time;

    /// <param name="file">Where the records are stored; <see langword="null"/> to keep them in memory only.</param>
    /// <param name="time">The clock.</param>
    public SettingsArchive(SettingsFile? file, TimeProvider time)
    {
        (_file, _time) = (file, time);
        foreach (var record in file?.Load() ?? [])
            _records[record.Uuid] = record;
    }

    public IReadOnlyList<SettingsRecord> All
    {
        get
        {
            lock (_gate)
                return [.. _records.Values];
        }
    }

    public SettingsRecord? Find(Guid uuid)
    {
        lock (_gate)
            return _records.GetValueOrDefault(uuid);
    }

    /// <summary>Stores the keys of a domain. When this returns, they survive a kill.</summary>
    public void Store(DomainIdentity domain, IReadOnlyDictionary<string, string> keys)
    {
        lock (_gate)
        {
            if (_records.GetValueOrDefault(domain.Uuid) is { } known ? known.HasSameKeys(keys) : keys.Count == 0)
                return;
            Put(new SettingsRecord(domain.Uuid, domain.Name, _time.GetUtcNow(), keys));
        }
    }

    /// <summary>Removes a record.</summary>
    /// <returns>The record; <see langword="null"/> if there was none.</returns>
    public SettingsRecord? Forget(Guid uuid)
    {
        lock (_gate)
        {
            if (_records.GetValueOrDefault(uuid) is not { } known)
                return null;
            Put(known with { Keys = new Dictionary<string, string>() });
            return known;
        }
    }

    /// <summary>A domain of that UUID runs. During a migration on the same host, there are two.</summary>
    public void Begin(Guid uuid)
    {
        lock (_gate)
            _running[uuid] = _running.GetValueOrDefault(uuid) + 1;
    }

    /// <summary>A domain of that UUID has ended.</summary>
    public void End(Guid uuid)
    {
        lock (_gate)
        {
            if (_running.GetValueOrDefault(uuid) > 1)
            {
                _running[uuid]--;
                return;
            }
            _running.Remove(uuid);
            if (_records.GetValueOrDefault(uuid) is not { } ended)
                return;
            Put(ended with { Seen = _time.GetUtcNow() });
            var gone = _records.Values.Where(record => !_running.ContainsKey(record.Uuid)).OrderByDescending(record => record.Seen).Skip(MaxEnded).ToList();
            foreach (var record in gone)
                Put(record with { Keys = new Dictionary<string, string>() });
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _file?.Dispose();
    }

    private void Put(SettingsRecord record)
    {
        if (record.Keys.Count == 0)
            _records.Remove(record.Uuid);
        else
            _records[record.Uuid] = record;
        _file?.Append(record, _records.Values);
    }
}
