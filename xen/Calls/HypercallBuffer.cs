namespace Actors.Xen.Calls;

/// <summary>Memory that both this process and the hypervisor see.</summary>
internal abstract unsafe class HypercallBuffer : IDisposable
{
    /// <summary>Where it is, in this process.</summary>
    public abstract nint Address { get; }

    public abstract int Length { get; }

    public Span<byte> Bytes => new((void*)Address, Length);

    public abstract void Dispose();
}
