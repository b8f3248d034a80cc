using System.CommandLine;
using System.Text;
using Pipeline.Jobs.Classification;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Demo;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Jobs.Ingest.Quarantine;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Shell;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;

// Chinese encodings of exports (GB18030, Big5) come with the framework but are off until registered.
Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

ReadCommand.ProfileOf = ProfileRecognition.NameOf;

RootCommand root = new("Complaint exports in, audited figures and workbooks out / 投诉数据进，可追溯的报表出")
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
    FilesCommand.Create(),
    QuarantineCommand.Create(),
    TrainCommand.Create(),
    EvaluateCommand.Create(),
    PredictCommand.Create(),
    LinkCommand.Create(),
    ModelsCommand.Create(),
    DatabaseCommands.Create(),
    Doctor.Create(),
};

ParseResult parsed = root.Parse(args);
int code = await parsed.InvokeAsync();
return parsed.Errors.Count > 0 ? ExitCodes.WrongUsage : code;
