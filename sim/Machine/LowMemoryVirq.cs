using Actors.Sdk;

namespace Actors.Sim.Machine;

/// <summary>
/// The interrupt with which Xen reports that it is low on memory (VIRQ_ENOMEM; check_low_mem_virq in xen/common/page_alloc.c). It looks at what is
/// free and not claimed after each allocation, so a claim can cause it. After an interrupt the threshold is halved. It returns to a value when there is
/// twice that value.
/// </summary>
internal sealed class LowMemoryVirq
{
    private static readonly Pages Default = Kib.FromMiB(64).ToPages();

    private readonly Action<Pages> _fired;
    private readonly int _original;
    private int _order;
    private ulong _low;
    private ulong _high = ulong.MaxValue;

    /// <summary>Sets the threshold: 64 MiB, or half of what is free when dom0 has been built, rounded down to a power of two.</summary>
    public LowMemoryVirq(Pages available, Action<Pages> fired)
    {
        _fired = fired;
        var threshold = Default < available ? Default.Value : available.Value / 2;
        _original = _order = (int)long.Log2(Math.Max(1, threshold));
        _low = 1UL << _order;
    }

    /// <summary>Looks at what is free and not claimed.</summary>
    public void Check(Pages available)
    {
        // Xen counts without a sign: when more is claimed than free, the difference is huge.
        var pages = (ulong)available.Value;
        if (pages <= _low)
        {
            _high = 1UL << (_order + 1);
            _order = Math.Max(0, _order - 1);
            _low = 1UL << _order;
            _fired(available);
        }
        else if (pages >= _high)
        {
            _low = 1UL << ++_order;
            _high = _order == _original ? ulong.MaxValue : 1UL << (_order + 2);
        }
    }
}
