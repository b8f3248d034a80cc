using System.CommandLine;
using Pipeline.Jobs.Audit;
using Pipeline.Jobs.Classification;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Demo;
using Pipeline.Jobs.Flags;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Jobs.Ingest.Quarantine;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Persons;
using Pipeline.Jobs.Publishing;
using Pipeline.Jobs.Regulatory;
using Pipeline.Jobs.RootCauses;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;

namespace Pipeline.Jobs;

/// <summary>Every command of the program.</summary>
public static class Commands
{
    public static RootCommand Create()
    {
        ReadCommand.ProfileOf = ProfileRecognition.NameOf;
        return new RootCommand("Complaint exports in, audited figures and workbooks out / 投诉数据进，可追溯的报表出")
        {
            CommandLine.Home,
            CommandLine.Json,
            CommandLine.Lang,
            DemoCommand.Create(),
            IngestCommand.Create(),
            ReadCommand.Create(),
            RunCommand.Create(),
            ReportCommand.Create(),
            FiguresCommand.Create(),
            CasesCommand.Create(),
            PublishCommand.Create(),
            EditionsCommand.Create(),
            AuditCommand.Create(),
            PersonCommand.Create(),
            DenominatorsCommand.Create(),
            IdrCommand.Create(),
            FilesCommand.Create(),
            QuarantineCommand.Create(),
            TrainCommand.Create(),
            EvaluateCommand.Create(),
            PredictCommand.Create(),
            LinkCommand.Create(),
            PatternsCommand.Create(),
            RegisterCommand.Create(),
            ModelsCommand.Create(),
            ServeCommand.Create(),
            ScheduleCommand.Create(),
            BackfillCommand.Create(),
            StatusCommand.Create(),
            DatabaseCommands.Create(),
            Doctor.Create(),
        };
    }
}
