using System.Text;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sdk.Text;
using Actors.XenStore;

namespace Actors.Loading;

/// <summary>
/// Writes the actors and the status of the plugins to xenstore, where they can be read without the daemon: <c>/tool/actors/actors</c> and
/// <c>/tool/actors/plugins/ID</c>.
/// </summary>
internal sealed class PluginPublisher(IXenStore store, ActorDirectory directory, IActorLog log)
{
    private const int MaxProblem = 400;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _written = [];
    private IReadOnlyDictionary<string, string>? _next;
    private IReadOnlyList<string>? _actors;
    private IReadOnlyDictionary<string, string>? _last;
    private volatile bool _lost;
    private Task _writing = Task.CompletedTask;

    /// <summary>Writes the status soon; of several changes in a row, only the last.</summary>
    public void Publish(IReadOnlyList<PluginStatus> plugins) => Publish(Keys(plugins));

    /// <summary>Writes the last status again, because xenstore has lost it.</summary>
    public void PublishAgain()
    {
        _lost = true;
        if (_last is { } keys)
            Publish(keys);
    }

    /// <summary>Whether the last status could not be written.</summary>
    public bool MustPublish { get; private set; }

    /// <summary>Completes when everything is written.</summary>
    public Task DoneAsync() => _writing;

    public static Dictionary<string, string> Keys(IReadOnlyList<PluginStatus> plugins) =>
        plugins.GroupBy(plugin => $"{PluginKeys.Folder}/{Name(plugin.Id)}").ToDictionary(group => group.Key, group => Line(group.First()));

    private void Publish(IReadOnlyDictionary<string, string> keys)
    {
        lock (_gate)
        {
            _last = _next = keys;
            if (_writing.IsCompleted)
                _writing = WriteAsync();
        }
    }

    private async Task WriteAsync()
    {
        while (Next() is { } keys)
        {
            try
            {
                if (_lost)
                {
                    _written.Clear();
                    _actors = null;
                }
                _lost = false;
                if (_written.Count == 0)
                    await FindOldAsync();
                await WriteActorsAsync([.. directory.Actors]);
                foreach (var (path, line) in keys.Where(key => _written.GetValueOrDefault(key.Key) != key.Value))
                {
                    await store.WriteTextAsync(path, line);
                    _written[path] = line;
                }
                foreach (var path in _written.Keys.Except(keys.Keys).ToList())
                {
                    _written.Remove(path);
                    await store.RemoveAsync(path);
                }
                MustPublish = false;
            }
            catch (Exception error) when (error is XenStoreException or XenStoreConnectionException or XenStoreProtocolException)
            {
                MustPublish = true;
                log.Debug($"the status of the plugins could not be written to xenstore: {error.Message}");
            }
        }
    }

    private async Task WriteActorsAsync(IReadOnlyList<string> actors)
    {
        if (_actors?.SequenceEqual(actors) == true)
            return;
        await NameList.WriteAsync(store, $"{PolicyKeys.Host}/actors", actors, CancellationToken.None);
        _actors = actors;
    }

    // The keys of a daemon that was killed.
    private async Task FindOldAsync()
    {
        foreach (var name in await PluginKeys.NamesAsync(store, CancellationToken.None))
            _written[$"{PluginKeys.Folder}/{name}"] = "";
    }

    private IReadOnlyDictionary<string, string>? Next()
    {
        lock (_gate)
        {
            var next = _next;
            _next = null;
            return next;
        }
    }

    private static string Line(PluginStatus plugin)
    {
        var line = new StringBuilder($"{PluginKeys.State(plugin.State)}version={plugin.Version ?? "-"} actors={string.Join(',', plugin.Actors)}");
        if (plugin.Draining + plugin.Leaked > 0)
            line.Append($" draining={plugin.Draining} leaked={plugin.Leaked}");
        if (plugin.Problems.Count > 0)
            line.Append($" problem=\"{Printable.Of(plugin.Problems[0], MaxProblem).Replace('"', '\'')}\"");
        return StoreText.Fit(line.ToString(), StoreText.MaxBytes);
    }

    // Characters that xenstore accepts in a path.
    private static string Name(string id) => new([.. id.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '_')]);
}
