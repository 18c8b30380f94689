using Actors.Sim.Recordings;

namespace Actors.Host.Recordings;

/// <summary>When a recording ends.</summary>
/// <param name="Length">How long it lasts; <see langword="null"/> until it is stopped.</param>
/// <param name="Bytes">How large it becomes at most.</param>
internal sealed record RecordingLimits(TimeSpan? Length, long Bytes);

/// <summary>What was recorded.</summary>
/// <param name="Samples">The samples.</param>
/// <param name="Domains">How many domains were seen, besides dom0.</param>
/// <param name="IsFull">Whether the recording ended because it was as large as allowed.</param>
internal sealed record RecordingEnd(int Samples, int Domains, bool IsFull);

/// <summary>Records a host at a fixed interval.</summary>
/// <param name="sampler">Takes the samples.</param>
/// <param name="interval">The time between two samples.</param>
/// <param name="time">The clock.</param>
internal sealed class HostRecorder(HostSampler sampler, TimeSpan interval, TimeProvider time)
{
    private const int Dom0 = 0;

    /// <summary>Records until the limits are reached or the recording is stopped, which is no error.</summary>
    /// <param name="write">Writes a line.</param>
    /// <param name="limits">When it ends.</param>
    /// <param name="stop">Stops it.</param>
    public async Task<RecordingEnd> RecordAsync(Action<string> write, RecordingLimits limits, CancellationToken stop)
    {
        var (begun, samples, bytes, domains) = (time.GetTimestamp(), 0, 0L, new HashSet<Guid>());
        try
        {
            Write(RecordingColumns.Heading);
            for (var slot = 0L; limits.Length is not { } length || interval * slot <= length; slot = Math.Max(slot + 1, (long)Math.Ceiling(time.GetElapsedTime(begun) / interval)))
            {
                var wait = (interval * slot) - time.GetElapsedTime(begun);
                if (wait > TimeSpan.Zero)
                    await Task.Delay(wait, time, stop);
                var rows = await sampler.TakeAsync(stop);
                var lines = rows.Select(RecordingColumns.Line).ToList();
                if (bytes + lines.Sum(line => line.Length + 1L) > limits.Bytes)
                    return new RecordingEnd(samples, domains.Count, IsFull: true);
                lines.ForEach(Write);
                samples++;
                domains.UnionWith(rows.Where(row => row.Domid != Dom0).Select(row => row.Uuid));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // A recording that is stopped has ended.
        }
        return new RecordingEnd(samples, domains.Count, IsFull: false);

        void Write(string line)
        {
            write(line);
            bytes += line.Length + 1L;
        }
    }
}
