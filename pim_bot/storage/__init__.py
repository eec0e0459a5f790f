"""What is kept: tables, unit of work, repositories, migrations. SQLAlchemy lives here and nowhere else."""
