"""An invented catalog folder of two eye clinics, as the tests write it."""

from __future__ import annotations

from pathlib import Path

FILES: dict[str, str] = {
    "catalog.yaml": """\
version: 2031.10
as_of: 2031-09-30
protection:
  id: bins-10
  threshold: 10
  base: 10
  rounding: bins
  zeros: hidden
""",
    "hospitals.csv": """\
hospital,name_en,name_ko,type,beds,region_en,region_ko,contact
lumen,Lumen Eye Hospital,빛안과병원,specialised,"1,200",North,북부,data desk
iris,Iris Clinic,홍채의원,clinic,,South,남부,
""",
    "datasets.csv": """\
dataset,hospital,title_en,title_ko,description_en,description_ko,theme,period_start,period_end,\
update_frequency,last_updated,data_model,access_level,lead_time_days,age_min,age_max,median_follow_up_months
glaucoma,lumen,Glaucoma registry,녹내장 레지스트리,Fields and pressures.,시야와 안압.,registry,2015-03,,\
monthly,2031-08-31,registry,controlled,30,18,,24.5
refraction,iris,Refraction visits,굴절 검사,,,emr,2018,2022-06-30,,,,open,,,,
""",
    "tables.csv": """\
dataset,table,title_en,title_ko,granularity
glaucoma,pressure,Pressure readings,안압 측정,per visit
glaucoma,patient,Patients,환자,per patient
refraction,visit,Visits,방문,per visit
""",
    "variables.csv": """\
dataset,table,name,label_en,label_ko,aliases,type,unit,values,missing_pct,granularity,modifier,concept
glaucoma,pressure,iop,Intraocular pressure,안압,IOP|eye pressure,number,mm[Hg],,12.5,,,iop
glaucoma,pressure,device,Tonometer,안압계,,code,,1=air puff|2=contact (a=b),<5,per device,,
glaucoma,patient,side,Side,좌우,,code,,L=left|R=right,,,,
refraction,visit,iop,Eye pressure,,,number,mm[Hg],,>95,,before drops,iop
refraction,visit,sphere,Sphere,,,number,[diop],,5-10,,,
""",
    "concepts.csv": """\
concept,code_system,edition,code,name_en,name_ko,synonyms
iop,LOINC,2.78,56844-4,Intraocular pressure,안압,tension of the eye|안내압
""",
    "cohorts.csv": """\
cohort,name_en,name_ko,codes,definition
open_angle,Open-angle glaucoma,개방각 녹내장,KCD:H40.1,First diagnosis
""",
    "counts.csv": """\
dataset,cohort,year,sex,age_band,patients,records,status
glaucoma,,,,,1230,5600,released
glaucoma,open_angle,,,,400,,released
glaucoma,open_angle,2020,,,,,suppressed
glaucoma,open_angle,2021,F,65-69,20,,released
glaucoma,open_angle,2021,M,80+,,,suppressed
refraction,,,,,300,,released
glaucoma,open_angle,2021,,,40,,released
""",
    "linkage.csv": """\
dataset_a,dataset_b,key_type,same_controller,overlap_patients
glaucoma,refraction,hashed id,no,50
""",
    "teams.csv": """\
team,name_en,name_ko,hospital,lead_role,interests_en,interests_ko,datasets
field,Visual Field Group,시야 연구팀,lumen,professor,glaucoma|visual field,녹내장|시야,glaucoma|refraction
""",
}


def write_folder(path: Path, *, without: tuple[str, ...] = (), **changed: str) -> Path:
    """Write the folder; ``changed`` gives other texts by file stem, ``without`` drops files."""
    path.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        if name in without:
            continue
        (path / name).write_text(changed.get(name.partition(".")[0], text), encoding="utf-8", newline="")
    return path


def with_rows(file: str, *rows: str) -> str:
    """The text of a file of the folder with more rows at its end; the first of them is ``next_row(file)``."""
    return FILES[file] + "".join(f"{row}\n" for row in rows)


def next_row(file: str) -> int:
    """The row number that a row added to the end of ``file`` has."""
    return FILES[file].count("\n") + 1
