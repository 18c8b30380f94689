namespace Actors.Sim.Toolstacks;

/// <summary>What became of the claims of a run, and of the domains for which they were made.</summary>
internal sealed class ClaimLog
{
    public int Granted { get; set; }

    public int Refused { get; set; }

    /// <summary>Claims that were refused although there was enough memory that nobody held or claimed.</summary>
    public int FalseNegatives { get; set; }

    /// <summary>Domains that grew between the moment when a toolstack read their size and the moment when it set their max_mem below that.</summary>
    public int Races { get; set; }

    /// <summary>Domains that could not be filled because others had taken the memory meanwhile.</summary>
    public int BuildsFailed { get; set; }
}
