using Actors.Sdk;

namespace Actors.Scripting;

/// <summary>Amounts and durations in natural notation: <c>30.Seconds()</c>, <c>512.MiB()</c>.</summary>
public static class UnitFunctions
{
    extension(int count)
    {
        /// <summary>A duration in seconds.</summary>
        public TimeSpan Seconds() => TimeSpan.FromSeconds(count);

        /// <summary>A duration in minutes.</summary>
        public TimeSpan Minutes() => TimeSpan.FromMinutes(count);

        /// <summary>A duration in hours.</summary>
        public TimeSpan Hours() => TimeSpan.FromHours(count);

        /// <summary>An amount in KiB.</summary>
        public Kib KiB() => new(count);

        /// <summary>An amount in MiB.</summary>
        public Kib MiB() => Kib.FromMiB(count);

        /// <summary>An amount in GiB.</summary>
        public Kib GiB() => Kib.FromGiB(count);
    }
}

/// <summary>Arithmetic with amounts.</summary>
public static class AmountFunctions
{
    extension(Kib amount)
    {
        /// <summary>A fraction or a multiple of an amount: <c>Footprint.Times(0.8)</c>.</summary>
        public Kib Times(double factor) => new((long)(amount.Value * factor));
    }
}

/// <summary>Questions that a script can ask about an outcome.</summary>
public static class OutcomeFunctions
{
    extension(Outcome outcome)
    {
        /// <summary>Whether the footprint is at the step's target.</summary>
        public bool IsReached => outcome.Kind == OutcomeKind.Reached;

        /// <summary>Whether the step moved the footprint as far as it can, or ran out of time.</summary>
        public bool IsShort => outcome.Kind == OutcomeKind.Short;

        /// <summary>Whether the step cannot act on this domain.</summary>
        public bool IsUnable => outcome.Kind == OutcomeKind.Unable;

        /// <summary>Whether the step failed, or its plugin or policy is out of service.</summary>
        public bool IsFailed => outcome.Kind is OutcomeKind.Failed or OutcomeKind.Quarantined;
    }
}
