using Actors.Sdk;

namespace Actors.Scripting;

/// <summary>Amounts and durations as they are spoken.</summary>
public static class CountWords
{
    extension(int count)
    {
        /// <summary>So many seconds.</summary>
        public TimeSpan Seconds() => TimeSpan.FromSeconds(count);

        /// <summary>So many minutes.</summary>
        public TimeSpan Minutes() => TimeSpan.FromMinutes(count);

        /// <summary>So many hours.</summary>
        public TimeSpan Hours() => TimeSpan.FromHours(count);

        /// <summary>So many KiB.</summary>
        public Kib KiB() => new(count);

        /// <summary>So many MiB.</summary>
        public Kib MiB() => Kib.FromMiB(count);

        /// <summary>So many GiB.</summary>
        public Kib GiB() => Kib.FromGiB(count);
    }
}

/// <summary>Arithmetic with amounts.</summary>
public static class AmountWords
{
    extension(Kib amount)
    {
        /// <summary>A part of an amount, or a multiple: <c>Footprint.Times(0.8)</c>.</summary>
        public Kib Times(double factor) => new((long)(amount.Value * factor));
    }
}

/// <summary>What a script asks of an outcome.</summary>
public static class OutcomeWords
{
    extension(Outcome outcome)
    {
        /// <summary>The footprint is at the step's target.</summary>
        public bool IsReached => outcome.Kind == OutcomeKind.Reached;

        /// <summary>The footprint went as far as the step can move it, or its time is up.</summary>
        public bool IsShort => outcome.Kind == OutcomeKind.Short;

        /// <summary>The step cannot act on this domain.</summary>
        public bool IsUnable => outcome.Kind == OutcomeKind.Unable;

        /// <summary>An error, or a plugin or policy out of service.</summary>
        public bool IsFailed => outcome.Kind is OutcomeKind.Failed or OutcomeKind.Quarantined;
    }
}
