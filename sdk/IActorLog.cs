namespace Actors.Sdk;

/// <summary>The log that an actor writes for the operator. The host adds the time, the domain and the actor.</summary>
public interface IActorLog
{
    /// <summary>Logs a detail that helps to investigate a problem.</summary>
    void Debug(string message);

    /// <summary>Logs something worth knowing.</summary>
    void Info(string message);

    /// <summary>Logs something that an operator should look at.</summary>
    void Warn(string message);
}
