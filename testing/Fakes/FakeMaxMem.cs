namespace Actors.Sdk.Testing;

/// <summary>Sets max_mem of a fake domain.</summary>
internal sealed class FakeMaxMem(FakeDomain domain) : IMaxMem
{
    public ValueTask SetMaxMemAsync(Kib maxMem, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        domain.Info = domain.Info with { MaxPages = maxMem.ToPages() };
        domain.Balloon.Update();
        return ValueTask.CompletedTask;
    }
}
